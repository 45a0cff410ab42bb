import type { TrueContact } from './desk.ts';
import { BEGIN, type Below, type Cents, createBelow, DAY, decimal, HOUR, toldRow } from './seeded.ts';

export interface TrueSale {
  readonly id: string;
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly total: Cents;
  readonly currency: string;
  /** Who of ours entered it; '' where nobody did. */
  readonly actor: string;
  readonly refund: { readonly at: number; readonly cents: Cents } | null;
  readonly cancelledAt: number | null;
}

export interface TrueAnswer {
  readonly id: string;
  readonly owner: string;
  readonly at: number;
  readonly survey: string;
  readonly kind: 'nps' | 'csat';
  /** null: what was answered is no number of the scale. */
  readonly score: number | null;
  readonly conversation: string;
  readonly caseId: string;
  readonly agent: string;
}

/** What a campaign was to one person. */
export interface TrueReach {
  readonly campaign: string;
  readonly owner: string;
  readonly sentAt: number | null;
  readonly heldAt: number | null;
  readonly marks: ReadonlySet<Mark>;
}
export type Mark = keyof typeof MARKS;

export interface Buyers {
  /** Rows of kenal.interaction_rows, in no order. */
  readonly rows: readonly object[];
  readonly sales: readonly TrueSale[];
  readonly answers: readonly TrueAnswer[];
  readonly reaches: readonly TrueReach[];
  /** Who writes back makes a contact. */
  readonly replies: readonly TrueContact[];
}

const MARKS = {
  delivered: { name: 'Email Delivered', told: {} },
  bounced: { name: 'Email Bounced', told: {} },
  opened: { name: 'Email Opened', told: {} },
  machine: { name: 'Email Opened', told: { machine_open: true } },
  clicked: { name: 'Email Link Clicked', told: {} },
  answered: { name: 'Email Received', told: {} },
  away: { name: 'Email Received', told: { automatic: true } },
  unsubscribed: { name: 'Unsubscribed', told: {} },
  complained: { name: 'Email Marked as Spam', told: {} },
} as const;

/** Of 100 people who are written to, so many buy within a week because of it. */
export const EFFECT = { spring: 40, autumn: 0 } as const;
/** Of 100, so many would have bought anyway. */
const ANYWAY = 15;
/** Day of each campaign, after the beginning. */
const SENT_ON = { spring: 40, autumn: 60, small: 50, late: 88 } as const;

/** Customers who buy, answer surveys about service, and are written to or held out. */
export function createBuyers(seed: number, owners: readonly string[], about: readonly string[]): Buyers {
  const below = createBelow(seed);
  const rows: object[] = [];
  const sales: TrueSale[] = [];
  for (let n = 0; n < 2 * owners.length; n++) sales.push(sell(below, rows, n, owners[below(owners.length)]!));
  const answers = Array.from({ length: 3 * owners.length }, (_, n) => answer(below, rows, n, owners, about));
  const reaches: TrueReach[] = [];
  for (const campaign of ['spring', 'autumn', 'small', 'late'] as const) {
    for (const owner of campaign === 'small' ? owners.slice(0, 40) : owners) {
      const reach = write(below, rows, campaign, owner);
      reaches.push(reach);
      const begin = (reach.sentAt ?? reach.heldAt)!;
      const chance = ANYWAY + (reach.sentAt !== null && campaign === 'spring' ? EFFECT.spring : 0);
      if (below(100) >= chance) continue;
      sales.push(sell(below, rows, sales.length, owner, begin + (1 + below(6 * 24)) * HOUR));
    }
  }
  return {
    rows,
    sales,
    answers,
    reaches,
    replies: [...reaches.flatMap(replyOf), ...reaches.flatMap((reach) => chatElsewhere(rows, reach))],
  };
}

function sell(below: Below, rows: object[], n: number, owner: string, when?: number): TrueSale {
  // Else only where no campaign runs, so that what one adds is exactly what was planted
  const day = below(2) === 0 ? below(35) : 75 + below(25);
  const at = when ?? BEGIN + day * DAY + below(24 * 60) * 60_000;
  const [total, currency] = [100 + below(20_000), below(6) === 0 ? 'USD' : 'EUR'];
  const actor = below(4) === 0 ? `a${below(4)}` : '';
  const fate = when === undefined ? below(10) : 9;
  const later = at + (1 + below(20 * 24)) * HOUR;
  const refund = fate === 0 ? { at: later, cents: 1 + below(total) } : null;
  const cancelledAt = fate === 1 ? later : null;
  const say = (part: string, ms: number, kind: string, more: object): void => {
    const who = part === 'a' && actor !== '' ? { actor_kind: 'staff', actor_id: actor } : {};
    const fields = { order_id: `s${n}`, order_kind: kind, order_currency: currency, ...who, ...more };
    rows.push(toldRow({ id: `s${n}${part}`, source: 'shop', ms, owner, name: 'Order Completed', fields }));
  };
  say('a', at, 'snapshot', { order_total: decimal(total), order_refunded: '0', items: [] });
  if (refund !== null) say('r', refund.at, 'refund', { order_refunded: decimal(refund.cents), items: [] });
  if (cancelledAt !== null) say('c', cancelledAt, 'cancel', {});
  return { id: `s${n}`, owner, at, total, currency, actor, refund, cancelledAt };
}

function answer(
  below: Below,
  rows: object[],
  n: number,
  owners: readonly string[],
  about: readonly string[],
): TrueAnswer {
  const owner = below(15) === 0 ? '' : owners[below(owners.length)]!;
  const at = BEGIN + below(100 * 24 * 60) * 60_000;
  const isNps = below(2) === 0;
  const score = below(25) === 0 ? null : below(isNps ? 11 : 5) + (isNps ? 0 : 1);
  // A few ask rarely, so that they are too few
  const survey = below(20) === 0 ? 'rare' : isNps ? 'relation' : 'service';
  const conversation = isNps || below(2) === 0 ? '' : about[below(about.length)]!;
  const caseId = isNps || below(2) === 0 ? '' : `c${below(90)}`;
  const agent = isNps || below(4) > 0 ? '' : `a${below(4)}`;
  const kind = isNps ? 'nps' : 'csat';
  const told = { survey, kind: below(2) === 0 ? kind : kind.toUpperCase(), score: score ?? (isNps ? 11 : 'good') };
  const fields = { conversation_id: conversation, case_id: caseId };
  const properties = { ...told, ...(agent === '' ? {} : { agent_id: agent }) };
  rows.push(toldRow({ id: `v${n}`, source: 'polls', ms: at, owner, name: 'Survey Answered', fields, properties }));
  return { id: `v${n}`, owner, at, survey, kind, score, conversation, caseId, agent };
}

const NOBODY = {
  ...{ team: '', agent: '', caseId: '', answeredAt: null, machineAt: null, endedAt: null, moreAt: null },
  ...{ outcome: '', work: 0 },
};

/** A conversation that has the same id in another place: it answers nothing. */
function chatElsewhere(rows: object[], { campaign, owner, sentAt }: TrueReach): TrueContact[] {
  if (sentAt === null || campaign !== 'small') return [];
  const [id, at, source] = [`${campaign}/${owner}`, sentAt + HOUR, 'chats'];
  const fields = { channel: 'chat', direction: 'inbound', conversation_id: id };
  rows.push(toldRow({ id: `${id}-chat`, source, ms: at, owner, name: 'Live Chat Message Received', fields }));
  return [{ kind: 'chat', source, id, conversation: id, owner, at, ...NOBODY }];
}

function replyOf({ campaign, owner, sentAt, marks }: TrueReach): TrueContact[] {
  if (sentAt === null || !marks.has('answered')) return [];
  const at = sentAt + (Object.keys(MARKS).indexOf('answered') + 1) * MARK_EVERY;
  const id = `${campaign}/${owner}`;
  return [{ kind: 'email', source: 'post', id, conversation: id, owner, at, ...NOBODY }];
}

/** From what was sent to the first thing that comes of it, and from each to the next. */
const MARK_EVERY = 600_000;

function write(below: Below, rows: object[], campaign: keyof typeof SENT_ON, owner: string): TrueReach {
  const at = BEGIN + SENT_ON[campaign] * DAY + below(20) * HOUR;
  // Nobody was held out of the late one; a few of the others were held out and written to all the same
  const fate = campaign === 'late' ? 9 : below(10);
  const [sentAt, heldAt] = [fate >= 5 || fate === 0 ? at : null, fate < 5 ? at : null];
  const conversation = `${campaign}/${owner}`;
  const say = (part: string, ms: number, name: string, direction: string, told: object): void => {
    // Some say the campaign in their properties, as Segment has it; an answer does not say it at all
    const isAnswer = name === 'Email Received';
    const inside = !isAnswer && direction === 'inbound' && below(2) === 0;
    const place = { channel: 'email', direction, conversation_id: isAnswer || part === 'sent' ? conversation : '' };
    const fields = { ...place, campaign_id: isAnswer || inside ? '' : campaign };
    const properties = { ...told, ...(inside ? { campaign_id: campaign } : {}) };
    rows.push(toldRow({ id: `${conversation}-${part}`, source: 'post', ms, owner, name, fields, properties }));
  };
  if (heldAt !== null) say('held', heldAt, 'Campaign Held Out', 'internal', {});
  const marks = new Set<Mark>();
  if (sentAt === null) return { campaign, owner, sentAt, heldAt, marks };
  say('sent', sentAt, 'Email Sent', 'outbound', {});
  for (const [i, [mark, { name, told }]] of Object.entries(MARKS).entries()) {
    if (below(i + 2) > 0) continue;
    marks.add(mark as Mark);
    say(mark, sentAt + (i + 1) * MARK_EVERY, name, /Delivered|Bounced/.test(name) ? 'outbound' : 'inbound', told);
  }
  return { campaign, owner, sentAt, heldAt, marks };
}
