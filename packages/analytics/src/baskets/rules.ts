import { type ItemSets, itemsOfSet } from './item-sets.ts';
import { type Measures, measuresOf } from './measures.ts';
import { createSubsets } from './subsets.ts';

/** Who has all of `left` has `right` too, so often. Item numbers; `left` ascends. */
export interface Rule extends Measures {
  /** Without an item: how often `right` is bought by anybody. */
  readonly left: readonly number[];
  readonly right: number;
  /** Baskets that hold both sides. */
  readonly count: number;
}

export interface RuleOptions {
  /** Share of the baskets with the left side that must have the right one, 0 to 1, inclusive. */
  readonly confidence: number;
  /** No more than these, the most certain ones. Default: a million. */
  readonly mostRules?: number;
}

export interface Rules {
  /** The most certain first, then the most frequent, then by item numbers. */
  readonly rules: readonly Rule[];
  /** How many there are; more than in `rules` where they are more than `mostRules`. */
  readonly found: number;
  /** Whether `rules` holds all that there are. */
  readonly complete: boolean;
}

const MOST_RULES = 1_000_000;

/**
 * Rules with one item on the right, of sets that were counted (Agrawal & Srikant 1994). A rule with an empty left side is one
 * too where the item alone is frequent enough, as in R's arules.
 * @throws RangeError for a confidence that is no share
 */
export function rulesOf(sets: ItemSets, { confidence, mostRules = MOST_RULES }: RuleOptions): Rules {
  if (!(confidence >= 0 && confidence <= 1))
    throw new RangeError(`the confidence ${confidence} is no share from 0 to 1`);
  const found = candidatesOf(sets, confidence);
  const order = Uint32Array.from(found.set.keys()).sort((i, j) => byRank(sets, found, i, j));
  const rules = Array.from(order.subarray(0, mostRules), (at) => ruleOf(sets, found, at));
  return { rules, found: order.length, complete: sets.complete && rules.length === order.length };
}

/** Rules in counts. Parallel columns, of which the last is of the left side: its baskets. */
interface Candidates {
  readonly set: number[];
  readonly right: number[];
  readonly left: number[];
}

function candidatesOf(sets: ItemSets, confidence: number): Candidates {
  const subsets = createSubsets(sets);
  const found: Candidates = { set: [], right: [], left: [] };
  for (let set = 0; set < sets.size; set += 1) {
    const both = sets.count[set]!;
    for (let at = subsets.starts[set]!; at < subsets.starts[set + 1]!; at += 1) {
      const without = subsets.without[at]!;
      const left = without < 0 ? sets.baskets : sets.count[without]!;
      if (both / left < confidence) continue;
      found.set.push(set);
      found.right.push(subsets.gone[at]!);
      found.left.push(left);
    }
  }
  return found;
}

function byRank({ count }: ItemSets, { set, left }: Candidates, i: number, j: number): number {
  const [one, other] = [count[set[i]!]!, count[set[j]!]!];
  return other * left[i]! - one * left[j]! || other - one || i - j;
}

function ruleOf(sets: ItemSets, found: Candidates, at: number): Rule {
  const [set, right, left] = [found.set[at]!, found.right[at]!, found.left[at]!];
  const both = sets.count[set]!;
  const others = itemsOfSet(sets, set).filter((item) => item !== right);
  const counts = { baskets: sets.baskets, left, right: sets.alone[right]!, both };
  return { left: others.sort((one, other) => one - other), right, count: both, ...measuresOf(counts) };
}
