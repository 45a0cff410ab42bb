import { externalId, type Properties } from '../event.ts';
import type { Visit } from '../visit.ts';
import { emailKey, spellEmail } from './spelling.ts';

const SUBJECTS = ['New in this week', 'Your basket is waiting', 'Spring sale', 'Tell us how we did', 'Back in stock'];

/** A newsletter: delivered, perhaps opened, perhaps followed. All that it knows of the reader is an address. */
export function emailVisit(visit: Visit): void {
  const { random, shopper } = visit;
  const email = shopper.person.emails[0] as string;
  const subject = random.pick(SUBJECTS);
  const mail = `m-${visit.serial()}`;
  const say = (after: number, name: string, more: Properties = {}): void =>
    visit.emit({
      source: 'email',
      type: 'track',
      after,
      name,
      properties: { email_id: mail, email_subject: subject, ...more },
      context: { externalIds: [externalId('email', spellEmail(random, email))] },
      carries: [emailKey(email)],
    });
  say(0, 'Email Delivered');
  if (!random.chance(0.45)) return;
  const opened = 60 + random.exponential(14_400);
  say(opened, 'Email Opened');
  if (random.chance(0.3)) say(opened + 20, 'Email Link Clicked', { link_url: 'https://shop.example.com/sale' });
  else if (random.chance(0.01)) say(opened + 30, 'Unsubscribed');
}
