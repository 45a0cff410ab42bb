import { type Baskets, countItems } from './baskets.ts';
import { createMiner, type MinedSets } from './mine.ts';

/** What counts as often, and where to stop. */
export interface ItemSetOptions {
  /** Share of the baskets that a set must be in, 0 to 1, inclusive. */
  readonly support: number;
  /** Sets are looked for until there are so many; see {@link ItemSets.complete}. Default: 5 million. */
  readonly mostSets?: number;
}

/**
 * Items that are often bought together: sets of any size as a tree. Set `k` is set `parent[k]` and one item more, and stands
 * behind it.
 */
export interface ItemSets extends MinedSets {
  /** Baskets that were looked at. */
  readonly baskets: number;
  /** By item: baskets that hold it. */
  readonly alone: Int32Array;
  /** Baskets that a set has to be in: the least number that is not below the support. */
  readonly least: number;
  /** Items of the largest sets that were looked for. */
  readonly largest: number;
  /** Whether these are all; else there are more than `mostSets`, and these are all with at most `largest` items. */
  readonly complete: boolean;
}

const MOST_SETS = 5_000_000;
const FEW_ITEMS = 16;

/**
 * All sets of items in at least `support` of the baskets, counted exactly: depth first through the baskets that hold the
 * set so far (frequent item sets: Agrawal & Srikant 1994, "Fast Algorithms for Mining Association Rules"; counting along
 * baskets: Uno, Kiyomi & Arimura 2004, "LCM ver. 2").
 * @throws RangeError for a support that is no share
 */
export function frequentItemSets(baskets: Baskets, { support, mostSets = MOST_SETS }: ItemSetOptions): ItemSets {
  if (!(support >= 0 && support <= 1)) throw new RangeError(`the support ${support} is no share from 0 to 1`);
  const least = leastCount(support, baskets.count);
  const alone = countItems(baskets);
  const mine = createMiner(baskets, alone, least, mostSets);
  // Fewer items a set until all of them fit: what is said of sets up to that size is then still the whole truth
  const whole = leastTooLarge(mostSets);
  let largest = whole;
  for (;;) {
    const { sets, deepest, isFull } = mine(largest);
    if (!isFull || largest === 1)
      return {
        ...sets,
        baskets: baskets.count,
        alone,
        least,
        largest: deepest,
        complete: largest === whole && !isFull,
      };
    largest = deepest > FEW_ITEMS ? Math.floor(deepest / 2) : Math.max(1, deepest - 1);
  }
}

/** Items of a set whose parts alone are more sets than `most`: to look at larger ones tells nothing, and would go too deep. */
const leastTooLarge = (most: number): number => Math.floor(Math.log2(most + 1)) + 1;

/** The least count that is at least this share of all, and 1 or more: .001 of 9,835 → 10; .07 of 100 → 7, though .07 · 100 > 7. */
function leastCount(share: number, all: number): number {
  const near = Math.max(1, Math.floor(share * all) - 1);
  for (let count = near; ; count += 1) if (count / all >= share || count > all) return count;
}

/** The items of a set, in the order in which the tree adds them. */
export function itemsOfSet(sets: MinedSets, set: number): number[] {
  const items: number[] = [];
  for (let at = set; at >= 0; at = sets.parent[at]!) items.push(sets.item[at]!);
  return items.reverse();
}
