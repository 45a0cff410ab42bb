import { interactionRow } from '../../test-support.ts';
import { type OrderState, type OrderStory, tellStory } from './order-story.ts';
import { BEGIN, type Below, type Cents, createBelow, DAY, decimal } from './seeded.ts';

/** What is true of an order, whatever was said of it in which events. */
export interface TrueOrder extends OrderStory {
  readonly owner: string;
  readonly currency: string;
}

export interface Shop {
  /** Rows of kenal.interaction_rows, in no order. */
  readonly rows: readonly object[];
  readonly orders: readonly TrueOrder[];
  readonly owners: readonly string[];
}

const OWNERS = 40;
const ORDERS = 260;
const SPAN_DAYS = 230;

/** A shop of some months: orders at any hour, of snapshots or of lines, some changed later, given back in part, whole or cancelled. */
export function createShop(seed: number): Shop {
  const below = createBelow(seed);
  const owners = Array.from({ length: OWNERS }, (_, i) => `user_id:u${i}`);
  const rows: object[] = [];
  const orders = Array.from({ length: ORDERS }, (_, n): TrueOrder => {
    const owner = owners[Math.min(below(OWNERS), below(OWNERS))]!;
    const currency = below(8) === 0 ? 'USD' : 'EUR';
    const states: { ms: number; state: OrderState }[] = [];
    const say: Say = (id, ms, kind, fields, change, who = owner) => {
      const base = {
        owner: who,
        profile_id: who === '' ? '' : `p-${who}`,
        ver: 1,
        order_id: `o${n}`,
        order_currency: currency,
      };
      const times = { occurred_at: ms * 1_000, client_at: ms * 1_000, received_at: ms * 1_000 };
      rows.push(interactionRow(`${n}-${id}`, { ...base, ...times, order_kind: kind, ...fields }));
      states.push({ ms, state: { ...EMPTY, ...states.at(-1)?.state, ...change } });
      return states.at(-1)!;
    };
    const at = BEGIN + below(SPAN_DAYS * 24 * 60) * 60_000;
    const bought = below(3) === 0 ? buyByLines(below, say, currency, at) : buy(below, say, currency, at);
    giveBack(below, say, currency, bought);
    return { owner, currency, ...tellStory(states) };
  });
  return { rows: [...rows, ...strayRefunds(owners)], orders, owners };
}

const EMPTY: OrderState = { total: 0, back: 0, units: 0, lines: {}, given: 0 };

/** Refunds of orders that never came: nothing is true of them. */
function strayRefunds(owners: readonly string[]): object[] {
  return owners.slice(5, 10).map((owner, n) => {
    const at = (BEGIN + (40 + n) * DAY) * 1_000;
    return interactionRow(`stray-${n}`, {
      ...{ owner, profile_id: `p-${owner}`, ver: 1, order_id: `stray${n}`, order_currency: 'EUR' },
      ...{ occurred_at: at, client_at: at, received_at: at, order_kind: 'refund' },
      ...{ order_refunded: '20', items: [itemOf('EUR', 'sku', -1, -2_000)] },
    });
  });
}

const itemOf = (currency: string, item_id: string, quantity: number, amount: Cents): object => {
  return { line: 1, item_id, name: '', category: '', quantity, price: null, amount: decimal(amount), currency };
};
const money = (cents: Cents): object => ({ order_total: decimal(cents), order_refunded: '0' });

/** Adds an event of the order, and what becomes true by it. @returns what is true since */
type Say = (id: string, ms: number, kind: string, fields: object, change: Partial<OrderState>, who?: string) => Since;

interface Since {
  readonly ms: number;
  readonly state: OrderState;
}

function buyByLines(below: Below, say: Say, currency: string, at: number): Since {
  const [total, pieces] = [500 + below(20_000), 1 + below(4)];
  const first = Math.floor(total / 3);
  const items = [itemOf(currency, 'sku', pieces, first)];
  const lines = { sku: { pieces, amount: first } };
  say('a', at, 'lines', { ...money(first), items }, { total: first, units: pieces, lines });
  const later = at + (below(4) === 0 ? below(20) * DAY : 1_000);
  return say('b', later, 'lines', { ...money(total - first), items: [] }, { total });
}

/** What is said first is not what holds: it is corrected at once, or days later; a few are worth nothing at first, or in the end. */
function buy(below: Below, say: Say, currency: string, at: number): Since {
  const total = 500 + below(20_000);
  const [pieces, first] = [1 + below(4), below(9) === 0 ? 0 : total + 700];
  const later = at + (below(3) === 0 ? below(30) * DAY + below(3_600_000) : 1_000);
  say(
    'a',
    at,
    'snapshot',
    { ...money(first), items: [itemOf(currency, 'sku', pieces + 9, 1)] },
    {
      ...{ total: first, units: pieces + 9, lines: { sku: { pieces: pieces + 9, amount: 1 } } },
    },
  );
  // Nobody says what the other item costs
  const other = below(4) === 0 ? Math.floor(total / 3) : 0;
  const lines = {
    sku: { pieces, amount: total - other },
    ...(other === 0 ? {} : { other: { pieces: 1, amount: other } }),
  };
  const items = Object.entries(lines).map(([item, line]) => itemOf(currency, item, line.pieces, line.amount));
  const units = pieces + Number(other > 0);
  const bought = say('b', later, 'snapshot', { ...money(total), items }, { total, units, lines });
  if (below(12) > 0) return bought;
  return say('z', later + below(9) * DAY + 1, 'snapshot', { ...money(0), items: [] }, { total: 0 });
}

/** What becomes of an order afterwards: mostly nothing. */
function giveBack(below: Below, say: Say, currency: string, { ms, state }: Since): void {
  const { total, lines } = state;
  const { pieces, amount } = lines.sku!;
  const later = ms + (1 + below(40)) * DAY + below(3_600_000);
  const undone = { back: total, lines: {}, given: 0 };
  switch (total === 0 ? 9 : below(10)) {
    case 0: {
      const part = 1 + below(total - 1);
      const fields = { order_refunded: decimal(part), items: [] };
      say('r', later, 'refund', fields, { back: part, given: part }, ...(below(2) === 0 ? [''] : []));
      break;
    }
    case 1: {
      const [one, two] = [Math.floor(amount / 4), Math.floor(amount / 5)];
      const items = [itemOf(currency, 'sku', -pieces, -one)];
      const left = { ...lines, sku: { pieces: 0, amount: amount - one } };
      say('r', later, 'refund', { order_refunded: decimal(one), items }, { back: one, lines: left });
      const more = { order_refunded: decimal(two), items: [] };
      say('s', later + DAY, 'refund', more, { back: one + two, given: two });
      break;
    }
    case 2:
      say('r', later, 'refund', { order_refunded: null, items: [] }, undone);
      break;
    case 3:
      say('c', later, 'cancel', {}, undone);
      // Some are taken up again
      if (below(3) === 0) say('d', later + 2 * DAY, 'lines', { ...money(0), items: [] }, { back: 0, lines });
      break;
    case 4:
      // Of another currency: nobody knows how much of the order it is
      say('r', later, 'refund', { order_refunded: '9000', order_currency: 'JPY', items: [] }, {});
  }
}
