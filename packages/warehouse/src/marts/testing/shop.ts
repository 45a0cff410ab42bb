import { interactionRow } from '../../test-support.ts';
import { BEGIN, type Below, type Cents, createBelow, dayOf, decimal } from './seeded.ts';

/** One thing that happened to an order, on its day in Berlin. */
export interface Happened {
  readonly day: string;
  readonly gross: Cents;
  readonly returns: Cents;
  readonly orders: number;
  readonly units: number;
}

/** What is true of an order, whatever was said of it in which events. */
export interface TrueOrder {
  readonly owner: string;
  readonly currency: string;
  readonly happened: readonly Happened[];
  /** What was bought, and what of it came back; none where the order was cancelled. */
  readonly lines: readonly TrueLine[];
}

/** A line of an order; amount and pieces are negative where it came back. */
export interface TrueLine {
  readonly ms: number;
  /** When its cost counts: where it came back, when its order was placed. */
  readonly costMs: number;
  readonly amount: Cents;
  readonly pieces: number;
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

/** A shop of some months: orders at any hour, of snapshots or of lines, some given back in part, whole or cancelled. */
export function createShop(seed: number): Shop {
  const below = createBelow(seed);
  const owners = Array.from({ length: OWNERS }, (_, i) => `user_id:u${i}`);
  const rows: object[] = [];
  const orders = Array.from({ length: ORDERS }, (_, n): TrueOrder => {
    const owner = owners[Math.min(below(OWNERS), below(OWNERS))]!;
    const currency = below(8) === 0 ? 'USD' : 'EUR';
    const say: Say = (id, ms, kind, fields, who = owner) => {
      const base = {
        owner: who,
        profile_id: who === '' ? '' : `p-${who}`,
        ver: 1,
        order_id: `o${n}`,
        order_currency: currency,
      };
      const times = { occurred_at: ms * 1_000, client_at: ms * 1_000, received_at: ms * 1_000 };
      rows.push(interactionRow(`${n}-${id}`, { ...base, ...times, order_kind: kind, ...fields }));
    };
    const bought = buy(below, say, currency);
    const { isCancelled, happened, returned } = giveBack(below, say, bought);
    const lines = isCancelled ? [] : [bought.line, ...(returned ?? [])];
    return { owner, currency, lines, happened: [bought.happened, ...happened] };
  });
  return { rows: [...rows, ...strayRefunds(owners)], orders, owners };
}

/** Refunds of orders that never came: nothing is true of them. */
function strayRefunds(owners: readonly string[]): object[] {
  return owners.slice(5, 10).map((owner, n) => {
    const at = (BEGIN + (40 + n) * 86_400_000) * 1_000;
    return interactionRow(`stray-${n}`, {
      ...{ owner, profile_id: `p-${owner}`, ver: 1, order_id: `stray${n}`, order_currency: 'EUR' },
      ...{ occurred_at: at, client_at: at, received_at: at, order_kind: 'refund' },
      ...{ order_refunded: '20', items: [itemOf('EUR', -1, -2_000)] },
    });
  });
}

const itemOf = (currency: string, quantity: number, amount: Cents): object => {
  return {
    ...{ line: 1, item_id: 'sku', name: '', category: '', quantity, price: null, amount: decimal(amount), currency },
  };
};

/** Adds an event of the order. */
type Say = (id: string, ms: number, kind: string, fields: object, who?: string) => void;

interface Bought {
  readonly at: number;
  readonly total: Cents;
  readonly happened: Happened;
  readonly pieces: number;
  readonly currency: string;
  readonly line: TrueLine;
}

function buy(below: Below, say: Say, currency: string): Bought {
  const at = BEGIN + below(SPAN_DAYS * 24 * 60) * 60_000;
  const total = 500 + below(20_000);
  const pieces = 1 + below(4);
  const item = (quantity: number, amount: Cents): object => itemOf(currency, quantity, amount);
  const money = (cents: Cents): object => ({ order_total: decimal(cents), order_refunded: '0' });
  const isInLines = below(3) === 0;
  const first = Math.floor(total / 3);
  if (isInLines) {
    say('a', at, 'lines', { ...money(first), items: [item(pieces, first)] });
    say('b', at + 1_000, 'lines', { ...money(total - first), items: [] });
  } else {
    // What was said first is not what holds
    say('a', at, 'snapshot', { ...money(total + 700), items: [item(pieces + 9, 1)] });
    say('b', at + 1_000, 'snapshot', { ...money(total), items: [item(pieces, total)] });
  }
  const ms = isInLines ? at : at + 1_000;
  const line = { ms, costMs: ms, amount: isInLines ? first : total, pieces };
  return {
    at,
    total,
    pieces,
    currency,
    line,
    happened: { day: dayOf(at), gross: total, returns: 0, orders: 1, units: pieces },
  };
}

interface GivenBack {
  readonly happened: readonly Happened[];
  readonly isCancelled: boolean;
  readonly returned?: readonly TrueLine[];
}

/** What becomes of an order afterwards: mostly nothing. */
function giveBack(below: Below, say: Say, { at, total, pieces, currency }: Bought): GivenBack {
  const later = at + (1 + below(40)) * 86_400_000 + below(3_600_000);
  const back = (ms: number, returns: Cents): Happened => ({ day: dayOf(ms), gross: 0, returns, orders: 0, units: 0 });
  switch (below(10)) {
    case 0: {
      const part = 1 + below(total - 1);
      say('r', later, 'refund', { order_refunded: decimal(part), items: [] }, ...(below(2) === 0 ? [''] : []));
      return { happened: [back(later, part)], isCancelled: false };
    }
    case 1: {
      const [one, two] = [Math.floor(total / 4), Math.floor(total / 5)];
      say('r', later, 'refund', { order_refunded: decimal(one), items: [itemOf(currency, -pieces, -one)] });
      say('s', later + 86_400_000, 'refund', { order_refunded: decimal(two), items: [] });
      const returned = [{ ms: later, costMs: at, amount: -one, pieces: -pieces }];
      return { happened: [back(later, one), back(later + 86_400_000, two)], isCancelled: false, returned };
    }
    case 2:
      say('r', later, 'refund', { order_refunded: null, items: [] });
      return { happened: [back(later, total)], isCancelled: false };
    case 3:
      say('c', later, 'cancel', {});
      return { happened: [back(later, total)], isCancelled: true };
    case 4:
      // Of another currency: nobody knows how much of the order it is
      say('r', later, 'refund', { order_refunded: '9000', order_currency: 'JPY', items: [] });
      return { happened: [], isCancelled: false };
    default:
      return { happened: [], isCancelled: false };
  }
}
