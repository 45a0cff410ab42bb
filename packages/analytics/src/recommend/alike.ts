import type { BuyingHistory } from './history.ts';

export interface AlikeSettings {
  /** Days after which what others bought counts half. */
  readonly halfLifeDays: number;
  /** Power of the likeness: the higher, the fewer customers decide. */
  readonly sharpness: number;
  /** How much less a customer counts who buys of everything: ½ is the cosine, 1 counts it twice. */
  readonly size: number;
}

/** Half-lives after which a purchase counts nothing. */
const REACH = 12;
/** Customers who are looked at for one item in common: those who bought it last. */
const MOST_BUYERS = 2_000;

/**
 * What customers who buy alike have bought lately: neighbours by what both have bought, ever; their votes fade with time.
 * likeness(u, v) = (Σ √n_i over items of both / (Σ √n_i over items of v)^size)^sharpness, n_i customers of item i: a common item
 * says more of who somebody is in this shop than of two strangers, so items are not weighed down as texts' words are;
 * vote(u, i) = Σ_v likeness · 2^(−days since v bought i / half-life). (Neighbours: Resnick et al. 1994; sharpened: Breese et al. 1998.)
 * @returns adds the votes of a customer to `votes` by item, and gives their sum; 0 where nobody is alike
 */
export function createVotes(
  history: BuyingHistory,
  { halfLifeDays, sharpness, size }: AlikeSettings,
): (customer: number, votes: Float64Array) => number {
  const { customers, starts, item } = history;
  const worth = Float64Array.from(history.buyers, Math.sqrt);
  const recent = recentOf(history, halfLifeDays);
  const buyers = buyersOf(history, (who) => recent.starts[who + 1]! > recent.starts[who]!);
  const divisor = new Float64Array(customers);
  for (let who = 0; who < customers; who += 1) {
    let whole = 0;
    for (let row = starts[who]!; row < starts[who + 1]!; row += 1) whole += worth[item[row]!]!;
    divisor[who] = whole ** size;
  }
  const common = new Float64Array(customers);
  return (customer, votes) => {
    const met: number[] = [];
    for (let row = starts[customer]!; row < starts[customer + 1]!; row += 1) {
      const what = item[row]!;
      for (let at = buyers.starts[what]!; at < buyers.starts[what + 1]!; at += 1) {
        const who = buyers.list[at]!;
        if (common[who] === 0) met.push(who);
        common[who]! += worth[what]!;
      }
    }
    let sum = 0;
    for (const who of met) {
      const likeness = who === customer ? 0 : (common[who]! / divisor[who]!) ** sharpness;
      common[who] = 0;
      for (let at = recent.starts[who]!; at < recent.starts[who + 1]!; at += 1) {
        const vote = likeness * recent.weight[at]!;
        votes[recent.item[at]!]! += vote;
        sum += vote;
      }
    }
    return sum;
  };
}

/** Rows of a history that still count, with what they count. */
function recentOf({ customers, starts, item, age }: BuyingHistory, halfLifeDays: number) {
  const kept = { starts: new Int32Array(customers + 1), item: [] as number[], weight: [] as number[] };
  for (let who = 0; who < customers; who += 1) {
    for (let row = starts[who]!; row < starts[who + 1]!; row += 1) {
      if (age[row]! > REACH * halfLifeDays) continue;
      kept.item.push(item[row]!);
      kept.weight.push(2 ** (-age[row]! / halfLifeDays));
    }
    kept.starts[who + 1] = kept.item.length;
  }
  return { starts: kept.starts, item: Int32Array.from(kept.item), weight: Float64Array.from(kept.weight) };
}

/** By item: its customers that are asked for, those first who bought it last, at most `MOST_BUYERS`. */
function buyersOf({ customers, items, starts, item, age }: BuyingHistory, isAsked: (who: number) => boolean) {
  const lists: { who: number; age: number }[][] = Array.from({ length: items }, () => []);
  for (let who = 0; who < customers; who += 1)
    if (isAsked(who))
      for (let row = starts[who]!; row < starts[who + 1]!; row += 1) lists[item[row]!]!.push({ who, age: age[row]! });
  const ends = new Int32Array(items + 1);
  const list: number[] = [];
  for (const [what, all] of lists.entries()) {
    if (all.length > MOST_BUYERS) all.sort((one, other) => one.age - other.age || one.who - other.who);
    for (const { who } of all.slice(0, MOST_BUYERS)) list.push(who);
    ends[what + 1] = list.length;
  }
  return { starts: ends, list: Int32Array.from(list) };
}
