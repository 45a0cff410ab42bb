import { type BasketLines, basketsOf, frequentItemSets, type Measures, rulesOf, withoutGiants } from '@kenal/analytics';
import { UsageError } from '../cli/usage-error.ts';
import { createNumbers, inOrder } from './numbered.ts';
import { type LineColumns, readColumns } from './read-columns.ts';
import { readWide } from './read-wide.ts';
import { leftOutInWords, type RowsLeftOut } from './rows-left-out.ts';

export interface MineOptions {
  readonly support: number;
  readonly confidence: number;
  readonly mostRules?: number | undefined;
  readonly mostSets?: number | undefined;
  /** Baskets with more different items are left out. Default: {@link MOST_ITEMS}. */
  readonly mostItems?: number | undefined;
}

/** What is beyond says nothing of what goes with what. Above mart `products` (200): Online Retail has invoices of 1,100 items. */
export const MOST_ITEMS = 1_200;

/** A rule in the names of the file. */
export interface NamedRule extends Measures {
  readonly left: readonly string[];
  readonly right: string;
  readonly count: number;
}

/** What `kenal rules mine` prints. */
export interface MiningReport {
  readonly baskets: number;
  readonly items: number;
  /** How many sets are frequent. */
  readonly itemSets: number;
  /** Baskets that a set must be in. */
  readonly leastBaskets: number;
  /** Items of the largest frequent sets that were looked for. */
  readonly largest: number;
  readonly rules: readonly NamedRule[];
  /** How many there are, told or not. */
  readonly found: number;
  /** Baskets that were left out for having too many items. */
  readonly giants: number;
  /** Whether nothing was left out: no basket, no set, no rule. */
  readonly complete: boolean;
  /** Time for counting and rules. */
  readonly seconds: number;
  /** Time for reading the file. */
  readonly readSeconds: number;
}

/** Baskets of a file, by line or by column. */
export interface NamedBaskets {
  readonly lines: BasketLines;
  readonly items: readonly string[];
  readonly leftOut: RowsLeftOut;
}

/** @throws UsageError where there is no basket */
export async function readBaskets(
  path: string,
  columns: LineColumns | null,
  delimiter?: string,
): Promise<NamedBaskets> {
  const [baskets, items] = [createNumbers(), createNumbers()];
  const [basket, item]: [number[], number[]] = [[], []];
  let wide = 0;
  const add = (one: number, name: string): void => {
    basket.push(one);
    item.push(items.of(name));
  };
  const leftOut =
    columns === null
      ? await readWide(path, delimiter, (names) => {
          for (const name of names) add(wide, name);
          wide += 1;
        })
      : await readColumns(path, columns, ([one, name]) => add(baskets.of(one!), name!));
  if (basket.length === 0) throw new UsageError(`${path} has no basket${why(leftOut)}`);
  const { texts, numberOf } = inOrder(items);
  return { lines: { basket, item: item.map((number) => numberOf[number]!) }, items: texts, leftOut };
}

export function why(leftOut: RowsLeftOut): string {
  if (leftOut.reasons.size === 0) return '';
  return ` in ${leftOut.rows} rows: ${leftOut.firstUnreadable ?? leftOutInWords(leftOut)}`;
}

export function mineBaskets({ lines, items }: NamedBaskets, options: MineOptions): Omit<MiningReport, 'readSeconds'> {
  const began = performance.now();
  const { support, confidence, mostItems = MOST_ITEMS } = options;
  const { baskets, giants } = withoutGiants(basketsOf(lines), mostItems);
  if (baskets.count === 0)
    throw new UsageError(
      `every basket has more than ${mostItems} different items; a higher --most-items takes them in`,
    );
  const sets = frequentItemSets(baskets, { support, ...(options.mostSets ? { mostSets: options.mostSets } : {}) });
  const found = rulesOf(sets, { confidence, ...(options.mostRules ? { mostRules: options.mostRules } : {}) });
  const seconds = Math.round((performance.now() - began) * 10) / 10_000;
  const rules = found.rules.map(({ left, right, ...measures }) => ({
    left: left.map((item) => items[item]!),
    right: items[right]!,
    ...measures,
  }));
  return {
    ...{ baskets: baskets.count, items: items.length, itemSets: sets.size, leastBaskets: sets.least },
    ...{ largest: sets.largest, rules, found: found.found, giants, complete: found.complete && giants === 0, seconds },
  };
}
