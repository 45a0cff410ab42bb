import {
  type AlsoBought,
  basketsOf,
  chooseSettings,
  createAlsoBought,
  createNextBest,
  evaluateRecommendations,
  frequentItemSets,
  type RecommendEvaluation,
  type RecommendSettings,
  rulesOf,
  withoutGiants,
} from '@kenal/analytics';
import type { AlsoBoughtRow, NextBestRow, RuleRow } from './columns.ts';
import type { Lines } from './lines.ts';

/** A rule's share of the orders and of those with its left side; no rule of fewer than so many orders. */
export const RULES = { support: 0.005, confidence: 0.1, leastOrders: 5, mostItems: 200 } as const;
const MOST_SETS = 500_000;
const MOST_RULES = 50_000;
export const ALSO_BOUGHT = {
  ...{ halfLifeDays: 180, shrinkage: 5, most: 50, least: 2, mostItems: RULES.mostItems, mostHistory: 500 },
} as const;
/** Days at the end that recommendations are held against. */
export const HOLDOUT_DAYS = 31;

export interface LearntRules {
  readonly rows: readonly RuleRow[];
  readonly support: number;
  /** Orders with more items than `mostItems`: left out whole. */
  readonly giants: number;
  readonly itemSets: number;
  readonly found: number;
  /** Whether nothing was left out. */
  readonly isComplete: boolean;
}

export function learnRules({ baskets, items, orders }: Lines): LearntRules {
  const { baskets: kept, giants } = withoutGiants(basketsOf(baskets), RULES.mostItems);
  const support = Math.min(1, Math.max(RULES.support, RULES.leastOrders / Math.max(1, orders)));
  const sets = frequentItemSets(kept, { support, mostSets: MOST_SETS });
  const { rules, found, complete } = rulesOf(sets, { confidence: RULES.confidence, mostRules: MOST_RULES });
  const rows = rules.map(({ left, right, count, ...measures }): RuleRow => {
    return { left: left.map((item) => items[item]!).sort(), right: items[right]!, orders: count, ...measures };
  });
  return { rows, support, giants, itemSets: sets.size, found, isComplete: complete && giants === 0 };
}

export interface LearntAlsoBought {
  /** Rows of some items, by number. */
  rows(from: number, to: number): AlsoBoughtRow[];
  /** What was left out. */
  readonly facts: Pick<AlsoBought, 'giants' | 'shortened'>;
}

export function learnAlsoBought({ lines, items }: Lines, until: number): LearntAlsoBought {
  const { companions, ...facts } = createAlsoBought(lines, { until, ...ALSO_BOUGHT });
  return {
    facts,
    rows: (from, to) =>
      items.slice(from, to).flatMap((item, at) =>
        companions(from + at).map(({ item: other, ...cosines }, place): AlsoBoughtRow => {
          return { item, place: place + 1, other: items[other]!, ...cosines };
        }),
      ),
  };
}

export interface LearntRecommending {
  readonly settings: RecommendSettings;
  /** A month before the end, held against that month; null where nobody had bought by then. */
  readonly heldOut: RecommendEvaluation | null;
}

export function learnRecommending({ lines }: Lines, since: number, until: number): LearntRecommending {
  const { settings } = chooseSettings(lines, until);
  const from = until - HOLDOUT_DAYS;
  return { settings, heldOut: since > from ? null : evaluateRecommendations(lines, from) };
}

/** @returns asks for the rows of a customer, by number */
export function createNextBestRows(
  { lines, items, customers }: Lines,
  until: number,
  settings: RecommendSettings,
  soldOut: readonly string[],
): (customer: number) => NextBestRow[] {
  const out = new Set(soldOut);
  const nextBest = createNextBest(lines, until, settings, (item) => out.has(items[item]!));
  return (customer) => {
    const told = nextBest(customer);
    const common = (item: number, place: number, score: number) => {
      return { profile: customers[customer]!, place: place + 1, item: items[item]!, score };
    };
    return [
      ...told.new.map(({ item, score, because }, place): NextBestRow => {
        const reason = { because: because === null ? '' : items[because]!, orders: 0, days: 0 };
        return { ...common(item, place, score), kind: 'new', ...reason };
      }),
      ...told.reorder.map(({ item, score, orders, days }, place): NextBestRow => {
        return { ...common(item, place, score), kind: 'reorder', because: '', orders, days };
      }),
    ];
  };
}

/** Customers whose last purchase is the latest, by number; those of the same moment by number. */
export function latestOf({ lines }: Lines, most: number): readonly number[] {
  const last = new Float64Array(lines.customers).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < lines.at.length; row += 1)
    last[lines.customer[row]!] = Math.max(last[lines.customer[row]!]!, lines.at[row]!);
  const known = [...last.keys()].filter((customer) => last[customer]! > Number.NEGATIVE_INFINITY);
  if (known.length <= most) return known;
  return known.sort((one, other) => last[other]! - last[one]! || one - other).slice(0, most);
}
