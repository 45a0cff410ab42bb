import type { BuyingHistory, Later } from './history.ts';
import { topOf } from './top.ts';

/** How well lists of ten came true. */
export interface ListQuality {
  readonly customers: number;
  /** Share of the customers who bought at least one of their ten. */
  readonly hitRate10: number;
  /** Normalised discounted cumulative gain of the ten, mean over customers (Järvelin & Kekäläinen 2002): a hit at place k is worth 1/log2(k + 1). */
  readonly ndcg10: number;
}

export const LIST = 10;

/**
 * Judge several ways to rank at once, for those that share a computation.
 * @param ways how many
 * @param score fills one array of scores for each way
 * @param onlyNew leave out of the lists what the customer has bought
 */
export function judge(
  history: BuyingHistory,
  later: Later,
  onlyNew: boolean,
  ways: number,
  score: (customer: number, scores: readonly Float64Array[]) => void,
): ListQuality[] {
  const scores = Array.from({ length: ways }, () => new Float64Array(history.items));
  const sums = scores.map(() => ({ hits: 0, gain: 0 }));
  const owner = new Int32Array(history.items).fill(-1);
  for (const customer of later.customers) {
    const bought = later.items.get(customer)!;
    for (let row = history.starts[customer]!; row < history.starts[customer + 1]!; row += 1)
      owner[history.item[row]!] = customer;
    const isOut = (item: number): boolean => history.buyers[item] === 0 || (onlyNew && owner[item] === customer);
    score(customer, scores);
    for (const [way, sum] of sums.entries()) {
      const gain = gainOf(topOf(scores[way]!, LIST, isOut), bought);
      sum.gain += gain;
      if (gain > 0) sum.hits += 1;
    }
  }
  const customers = later.customers.length;
  const share = (sum: number): number => (customers === 0 ? 0 : sum / customers);
  return sums.map(({ hits, gain }) => ({ customers, hitRate10: share(hits), ndcg10: share(gain) }));
}

function gainOf(list: readonly number[], bought: ReadonlySet<number>): number {
  let [gain, best] = [0, 0];
  for (const [place, item] of list.entries()) if (bought.has(item)) gain += 1 / Math.log2(place + 2);
  for (let place = 0; place < Math.min(LIST, bought.size); place += 1) best += 1 / Math.log2(place + 2);
  return gain / best;
}
