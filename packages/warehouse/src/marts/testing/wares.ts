import { interactionRow, WORKSPACE } from '../../test-support.ts';
import { type Cents, createBelow, dayOf, decimal } from './seeded.ts';
import type { TrueOrder } from './shop.ts';

/** A line as it was sold, or as it came back or was taken off the order (below 0). */
export interface TrueLine {
  readonly owner: string;
  readonly order: string;
  readonly day: string;
  readonly item: string;
  readonly category: string;
  readonly currency: string;
  readonly pieces: number;
  readonly amount: Cents;
}

export interface TrueReferral {
  readonly referred: string;
  /** Owner whose identifier was named; null: nobody has it. */
  readonly referrer: string | null;
  readonly day: string;
}

/** Something that was said of somebody. */
export interface TrueEvent {
  readonly owner: string;
  readonly ms: number;
  readonly day: string;
  readonly channel: string;
  readonly kind: 'contact' | 'trouble' | 'return' | 'satisfied' | 'neutral' | 'dissatisfied' | '';
}

/** Some years of a shop with categories, people who only look, and people who bring others. */
export interface Wares {
  readonly rows: readonly object[];
  readonly orders: readonly TrueOrder[];
  readonly lines: readonly TrueLine[];
  readonly events: readonly TrueEvent[];
  /** In order of time. */
  readonly referrals: readonly TrueReferral[];
  /** Owner → day on which they were heard of first. */
  readonly known: ReadonlyMap<string, string>;
  readonly owners: readonly string[];
  /** Rows of kenal.record_words, kenal.profile_rows and kenal.identifier_rows. */
  readonly records: readonly object[];
  readonly profiles: readonly object[];
  readonly identifiers: readonly object[];
}

const BUYERS = 40;
const LOOKERS = 12;
const ORDERS = 500;
/** 2019-09-23T00:00:00Z; two years and some months of it, with a 53rd week */
const BEGIN = 1_569_196_800_000;
const SPAN_DAYS = 890;
const DAY_MS = 86_400_000;
const CATEGORIES = ['tea', 'cups', ''];

export function createWares(seed: number): Wares {
  const below = createBelow(seed);
  const owners = Array.from({ length: BUYERS + LOOKERS }, (_, i) => `user_id:u${i}`);
  const story = createStory();
  const moment = (): number => BEGIN + below(SPAN_DAYS * 24 * 60) * 60_000;
  // A third of those who look are browsers whom nobody knows
  for (const [i, owner] of owners.slice(BUYERS).entries())
    story.see(i % 3 === 0 ? `anonymous_id:${owner}` : owner, moment());
  for (let n = 0; n < ORDERS; n += 1) {
    const owner = owners[Math.min(below(BUYERS), below(BUYERS))]!;
    placeOrder(below, story, `o${n}`, owner, openMoment(moment()));
  }
  for (let n = 0; n < 300; n += 1) complain(below, story, owners[below(owners.length)]!, moment());
  for (let n = 0; n < 120; n += 1) answer(below, story, owners[below(owners.length)]!, moment());
  refer(below, story, owners, moment);
  const profiles = owners.map((owner) => profileRow(owner));
  const identifiers = owners.map((owner) => identifierRow(owner, `p-${owner}`, 1));
  const word = { workspace: WORKSPACE, kind: 'item', source: 'erp', ver: 1, received_at: 0, recorded_at: 0 };
  const record = { ...word, id: 'i2', valid_from: 0, valid_to: null, values: JSON.stringify({ category: 'spoons' }) };
  return { ...story, owners, profiles, identifiers, records: [record] };
}

function profileRow(owner: string): object {
  return { workspace: WORKSPACE, profile_id: `p-${owner}`, version: 1, changed_at: 0, live: true };
}

export function identifierRow(owner: string, profile_id: string, version: number): object {
  const [type, value] = owner.split(':');
  return { workspace: WORKSPACE, type, value, profile_id, version };
}

interface Story extends Pick<Wares, 'known'> {
  readonly events: TrueEvent[];
  readonly rows: object[];
  readonly orders: TrueOrder[];
  readonly lines: TrueLine[];
  readonly referrals: TrueReferral[];
  see(owner: string, ms: number, fields?: object, kind?: TrueEvent['kind']): void;
}

function createStory(): Story {
  const rows: object[] = [];
  const known = new Map<string, string>();
  const events: TrueEvent[] = [];
  const see: Story['see'] = (owner, ms, fields = {}, kind = '') => {
    const channel = ['web', 'store', 'phone'][ms % 3]!;
    events.push({ owner, ms, day: dayOf(ms), channel, kind });
    const times = { occurred_at: ms * 1_000, client_at: ms * 1_000, received_at: ms * 1_000 };
    const who = { owner, profile_id: `p-${owner}`, ver: 1 };
    rows.push(interactionRow(`e${rows.length}`, { ...who, channel, ...times, ...fields }));
    const day = dayOf(ms);
    if (!owner.startsWith('anonymous_id:') && day < (known.get(owner) ?? '9')) known.set(owner, day);
  };
  return { rows, known, events, orders: [], lines: [], referrals: [], see };
}

/** What came back of an order of which nobody says which lines. */
const PART: Cents = 100;

/** The shop is closed on Sundays. */
function openMoment(ms: number): number {
  return new Date(dayOf(ms)).getUTCDay() === 0 ? ms + DAY_MS : ms;
}

type Below = (n: number) => number;

function placeOrder(below: Below, story: Story, order: string, owner: string, at: number): void {
  const currency = below(9) === 0 ? 'USD' : 'EUR';
  // Whoever sells i2 says nothing of its category: the record of the item does
  const bought = Array.from({ length: 1 + below(3) }, (_, i) => {
    const item = `i${(i * 3 + below(3)) % 7}`;
    const category = item === 'i2' ? '' : CATEGORIES[Number(item.slice(1)) % 3]!;
    return { item, category, pieces: 1 + below(3), amount: 300 + below(4_000) };
  });
  const total = bought.reduce((sum, { amount }) => sum + amount, 0);
  const items = bought.map((line, i) => itemOf(line, i + 1, currency));
  const base = { order_id: order, order_currency: currency };
  const said = { ...base, order_kind: 'snapshot', order_total: decimal(total), order_refunded: '0', items };
  story.see(owner, at, said);
  const later = at + (1 + below(60)) * DAY_MS + below(3_600_000);
  const what = below(8);
  const back = [{ ...bought[0]!, pieces: -bought[0]!.pieces, amount: -bought[0]!.amount }];
  if (what === 0) story.see(owner, later, { ...base, order_kind: 'cancel' }, 'return');
  if (what === 1) story.see(owner, later, { ...base, order_kind: 'refund', order_refunded: null, items: [] }, 'return');
  const given = {
    order_kind: 'refund',
    order_refunded: decimal(-back[0]!.amount),
    items: [itemOf(back[0]!, 1, currency)],
  };
  if (what === 2) story.see(owner, later, { ...base, ...given }, 'return');
  const isUndone = what < 2 || (what === 2 && bought.length === 1);
  const again = what === 3 ? restated(bought) : [];
  const value = again.reduce((sum, { amount }) => sum + amount, 0);
  const restatedAt = openMoment(later);
  const restatedItems = again.map((line, i) => itemOf(line, i + 1, currency));
  if (what === 3) story.see(owner, restatedAt, { ...said, order_total: decimal(value), items: restatedItems });
  // What came back in part is told twice, the second time without news
  if (what === 4)
    for (const days of [0, 3]) {
      const state = { ...said, order_refunded: decimal(PART), items: [] };
      story.see(owner, later + days * DAY_MS, state, days === 0 ? 'return' : '');
    }
  const truth = (line: Bought, ms: number): TrueLine => {
    const category = line.item === 'i2' ? 'spoons' : line.category;
    return { ...line, owner, order, currency, category, day: dayOf(ms) };
  };
  const gone = bought.map((line) => ({ ...line, pieces: -line.pieces, amount: -line.amount }));
  story.lines.push(...bought.map((line) => truth(line, at)));
  if (isUndone || what === 3) story.lines.push(...gone.map((line) => truth(line, what === 3 ? restatedAt : later)));
  else if (what === 2) story.lines.push(...back.map((line) => truth(line, later)));
  story.lines.push(...again.map((line) => truth(line, restatedAt)));
  const returns = isUndone ? total : what === 2 ? -back[0]!.amount : what === 4 ? PART : 0;
  const placed = { day: dayOf(at), gross: total, returns: 0, orders: 1, units: 0 };
  const returned = { day: dayOf(later), gross: 0, returns, orders: 0, units: 0 };
  const changed = { day: dayOf(restatedAt), gross: value - total, returns: 0, orders: 0, units: 0 };
  const after = what < 3 || what === 4 ? [returned] : what === 3 ? [changed] : [];
  story.orders.push({ owner, currency, lines: [], given: [], happened: [placed, ...after] });
}

/** One piece more of the first product, by which it is dearer, and something that was not in it; the rest as before, but for the last. */
function restated(bought: readonly Bought[]): readonly Bought[] {
  const [first, ...rest] = bought;
  const more = { ...first!, pieces: first!.pieces + 1, amount: first!.amount + 700 };
  return [more, ...rest.slice(0, -1), { item: 'i8', category: 'tea', pieces: 1, amount: 450 }];
}

type Bought = Pick<TrueLine, 'item' | 'category' | 'pieces' | 'amount'>;

function itemOf({ item, category, pieces, amount }: Bought, line: number, currency: string): object {
  return { line, item_id: item, name: '', category, quantity: pieces, price: null, amount: decimal(amount), currency };
}

/** Whoever calls or has a case; some of it is the shop's own doing, and says nothing. */
function complain(below: Below, story: Story, owner: string, ms: number): void {
  const names = ['Case Opened', 'Case Reopened', 'Call Missed', 'Call Started', 'Call Started'] as const;
  const [name, isOutbound] = [names[below(names.length)]!, below(4) === 0];
  const direction = isOutbound ? 'outbound' : 'inbound';
  // By telephone, as the rest of the story has its channels
  const at = ms - (ms % 3) + 2;
  const isTrouble = !isOutbound && (name === 'Case Reopened' || name === 'Call Missed');
  if (isTrouble) story.see(owner, at, { name, direction }, 'trouble');
  else if (!isOutbound || name === 'Case Opened') story.see(owner, at, { name, direction }, 'contact');
  else story.see(owner, at, { name, direction });
}

/** 4 and 5 of 5 are satisfied, 3 is neither. */
function answer(below: Below, story: Story, owner: string, ms: number): void {
  const score = 1 + below(5);
  const properties = JSON.stringify({ survey: 'visit', kind: 'csat', score });
  const kind = score > 3 ? 'satisfied' : score < 3 ? 'dissatisfied' : 'neutral';
  story.see(owner, ms, { name: 'Survey Answered', properties }, kind);
}

/** Most are brought once; some twice, by themselves, by nobody, or in a circle. */
function refer(below: Below, story: Story, owners: readonly string[], moment: () => number): void {
  const told = Array.from({ length: 45 }, () => {
    const referred = owners[below(owners.length)]!;
    const referrer = below(9) === 0 ? null : below(12) === 0 ? referred : owners[below(owners.length)]!;
    return { referred, referrer, ms: moment() };
  });
  const circle = [44, 45, 46, 44].map((i) => owners[i]!);
  for (const [i, referred] of circle.slice(1).entries())
    told.push({ referred, referrer: circle[i]!, ms: BEGIN + i * DAY_MS });
  told.sort((one, other) => one.ms - other.ms);
  for (const [i, { referred, referrer, ms }] of told.entries()) {
    const name = referrer === null ? 'nobody' : i % 2 === 0 ? referrer : referrer.slice('user_id:'.length);
    story.see(referred, ms, { name: 'Referral Made', properties: JSON.stringify({ referred_by: name }) });
    story.referrals.push({ referred, referrer, day: dayOf(ms) });
  }
}
