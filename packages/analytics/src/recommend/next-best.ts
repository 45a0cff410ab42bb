import { createAlsoBought } from './also-bought.ts';
import { type BuyingHistory, buyingHistoryOf, type OrderLines } from './history.ts';
import { LIST } from './judge.ts';
import { createNewScorer, createReorderParts, weigh } from './scores.ts';
import type { RecommendSettings } from './settings.ts';
import { topOf } from './top.ts';

/** A product that the customer never bought. */
export interface NewProduct {
  readonly item: number;
  /** Rank within the customer's list is what it is good for. */
  readonly score: number;
  /** Why: the customer's item that most go with it ({@link createAlsoBought}); null: other customers buy it. */
  readonly because: number | null;
}

/** A product that the customer has bought before. */
export interface Reorder {
  readonly item: number;
  readonly score: number;
  /** Why: orders of it so far, and days since the last. */
  readonly orders: number;
  readonly days: number;
}

/** Two answers, for they are two problems; at most ten each, best first. */
export interface NextBest {
  readonly new: readonly NewProduct[];
  readonly reorder: readonly Reorder[];
}

/**
 * @param isOut items that are offered to nobody, for want of stock
 * @returns what to offer to a customer as of the end of `until`; empty lists to one who had bought nothing
 */
export function createNextBest(
  lines: OrderLines,
  until: number,
  settings: RecommendSettings,
  isOut: (item: number) => boolean = () => false,
): (customer: number) => NextBest {
  const history = buyingHistoryOf(lines, until);
  const isNew = createNewScorer(history, settings.new);
  const partsOf = createReorderParts(history, isNew);
  const becauseOf = createBecause(lines, until);
  const scores = new Float64Array(history.items);
  return (customer) => {
    const own = rowsOf(history, customer);
    if (own.size === 0) return { new: [], reorder: [] };
    isNew(customer, scores);
    const fresh = topOf(scores, LIST, (item) => history.buyers[item] === 0 || own.has(item) || isOut(item));
    const newProducts = fresh.map((item) => ({ item, score: scores[item]!, because: becauseOf(item, own) }));
    weigh(partsOf(customer), settings.reorder, scores);
    const again = topOf(scores, LIST, (item) => !own.has(item) || isOut(item));
    const reorder = again.map((item) => {
      const row = own.get(item)!;
      return { item, score: scores[item]!, orders: history.orders[row]!, days: Math.floor(history.age[row]!) };
    });
    return { new: newProducts, reorder };
  };
}

/** Rows of a customer by item. */
function rowsOf({ starts, item }: BuyingHistory, customer: number): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  for (let row = starts[customer]!; row < starts[customer + 1]!; row += 1) rows.set(item[row]!, row);
  return rows;
}

/** What is beyond an item's first companions is no reason to name; with so many of so many items it is 40 MB. */
const MOST = { companions: 500, items: 20_000 };

/** Companions are asked for once an item: the same ones are offered to many. */
function createBecause(lines: OrderLines, until: number) {
  const { companions } = createAlsoBought(lines, { until, most: MOST.companions });
  const known = new Map<number, Int32Array>();
  return (item: number, own: ReadonlyMap<number, unknown>): number | null => {
    let found = known.get(item);
    if (found === undefined) {
      found = Int32Array.from(companions(item), (related) => related.item);
      if (known.size >= MOST.items) known.clear();
      known.set(item, found);
    }
    return found.find((other) => own.has(other)) ?? null;
  };
}
