import { externalId, type Properties } from './event.ts';
import type { Visit } from './visit.ts';
import { emailKey, spellEmail } from './visits/spelling.ts';

/** A campaign by mail, written to all customers but three in ten, who are held out by chance. */
export interface Campaign {
  readonly id: string;
  readonly name: string;
  /** When it goes out, as a share of the period. */
  readonly at: number;
  /** Chance that it makes somebody buy who would not have: what its uplift truly is. */
  readonly effect: number;
}

/** One that works, and one that does nothing. */
export const CAMPAIGNS: readonly Campaign[] = [
  { id: 'spring-sale', name: 'Spring sale', at: 0.45, effect: 0.2 },
  { id: 'newsletter-12', name: 'Newsletter 12', at: 0.7, effect: 0 },
];
const HELD_OUT = 0.3;

/** @returns seconds until it makes the customer buy; null: it does not */
export function reach(visit: Visit, campaign: Campaign): number | null {
  const { random, shopper } = visit;
  const email = shopper.person.emails[0] as string;
  const say = (after: number, name: string, isOurs: boolean, more: Properties = {}): void =>
    visit.emit({
      source: 'email',
      type: 'track',
      after,
      name,
      properties: { campaign_id: campaign.id, campaign_name: campaign.name, ...more },
      context: {
        externalIds: [externalId('email', spellEmail(random, email))],
        campaign: { id: campaign.id, name: campaign.name, medium: 'email' },
        ...(isOurs ? { kenal: { direction: name === 'Campaign Held Out' ? 'internal' : 'outbound' } } : {}),
      },
      carries: [emailKey(email)],
    });
  const mail = { email_id: `${campaign.id}-${visit.serial()}` };
  if (random.chance(HELD_OUT)) {
    say(0, 'Campaign Held Out', true);
    return null;
  }
  say(0, 'Email Sent', true, mail);
  if (random.chance(0.03)) {
    say(30, 'Email Bounced', true, mail);
    return null;
  }
  say(20, 'Email Delivered', true, mail);
  const opened = 300 + random.exponential(30_000);
  if (random.chance(0.4)) say(opened, 'Email Opened', false, { ...mail, machine_open: random.chance(0.3) });
  if (random.chance(0.1))
    say(opened + 40, 'Email Link Clicked', false, { ...mail, link_url: 'https://shop.example.com/sale' });
  return random.chance(campaign.effect) ? opened + random.exponential(60_000) : null;
}
