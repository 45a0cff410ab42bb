import { createChance } from '../numerics/chance.ts';
import { adjustedRand, bestJaccards } from './agreement.ts';
import { assign, kMeans, squareBetween } from './k-means.ts';
import { pointsOf, type Shares, type Spending, sharesOf, shuffled } from './shares.ts';

export interface NeedSegmentsOptions {
  /** The same data and seed give the same segments. */
  readonly seed: number;
  /** Groups to try at most; default 8. */
  readonly most?: number;
  /** Customers that the number of groups is chosen with; default 2,000, drawn from all. */
  readonly sample?: number;
}

/** What became of one number of groups. */
export interface Trial {
  readonly k: number;
  /** Share of the spread of needs that the groups explain. */
  readonly explained: number;
  /** By how many standard deviations that is more than groups of shuffled purchases explain. */
  readonly aboveChance: number;
  /** Mean adjusted Rand index of the groups with those of resamples; null where it was not looked at. */
  readonly stability: number | null;
}

export interface NeedSegment {
  readonly customers: number;
  /** Mean Jaccard similarity with its most like group in resamples: from 0.75 a group that is there, below 0.6 one not to be trusted (Hennig). */
  readonly stability: number;
}

export type NeedSegments = { readonly trials: readonly Trial[] } & (
  | { readonly found: false; readonly why: string }
  | {
      readonly found: true;
      readonly stability: number;
      /** The largest first. */
      readonly segments: readonly NeedSegment[];
      /** Of each customer, −1 where there are too few purchases to tell. */
      readonly segmentOf: Int32Array;
      /** Hellinger distance to the segment's centre, 0 to 1; NaN where there is no segment. */
      readonly distance: Float64Array;
    }
);

/** Below it a customer's shares are not looked at. */
const LEAST_PURCHASES = 3;
const LEAST_CUSTOMERS = 100;
const LEAST_SEGMENT = 10;
const RESAMPLES = 20;
const SHUFFLES = 10;
/** More than shuffled purchases explain, in their standard deviations. */
const ABOVE_CHANCE = 4;
const STABLE = 0.8;
/** Stabilities that differ by less are alike: the finer groups are taken. */
const ALIKE = 0.02;
const STARTS = 3;

/**
 * Groups of customers by what their money goes to: k-means on shrunken shares, for 2 groups and more. A number of groups counts where they
 * explain clearly more than those of the same purchases dealt out by chance (a reference without structure, as in Tibshirani, Walther &
 * Hastie 2001, JRSS B 63), and come again in resamples: bootstrap samples grouped anew, everybody assigned by these, compared by
 * the adjusted Rand index (Ben-Hur, Elisseeff & Guyon 2002, PSB 7; each group by Jaccard: Hennig 2007, CSDA 52). The most stable number
 * is taken; where none is stable there are no groups. Needs that differ from customer to customer without groups may still be cut stably
 * along their longest direction: stability says that a cut comes again, not that there is a gap.
 */
export function needSegmentsOf(
  spending: Spending,
  { seed, most = 8, sample = 2_000 }: NeedSegmentsOptions,
): NeedSegments {
  const all = sharesOf(spending);
  const told = [...all.purchases.keys()].filter((i) => all.purchases[i]! >= LEAST_PURCHASES);
  const why = tooLittle(told.length, all.categories);
  if (why !== null) return { found: false, why, trials: [] };
  const chance = createChance(seed);
  const rows = drawn(told, sample, chance);
  const [shares, orders] = [rowsOf(all, rows), pick(spending.orders, all.categories, rows)];
  const trials: (Trial & { readonly centres: Float64Array; readonly groups: readonly number[] })[] = [];
  const largest = Math.min(most, Math.floor(rows.length / (2 * LEAST_SEGMENT)));
  for (let k = 2; k <= largest; k += 1) trials.push(tryGroups(shares, orders, k, chance));
  const stable = trials.filter(({ stability }) => stability !== null && stability >= STABLE);
  const top = Math.max(...stable.map(({ stability }) => stability!));
  const chosen = stable.filter(({ stability }) => stability! >= top - ALIKE).at(-1);
  const plain = trials.map(({ k, explained, aboveChance, stability }) => ({ k, explained, aboveChance, stability }));
  if (chosen === undefined) return { found: false, why: noStructure(trials), trials: plain };
  return { ...assigned(all, told, chosen), found: true, stability: chosen.stability!, trials: plain };
}

function tooLittle(customers: number, categories: number): string | null {
  if (categories < 2) return `there are ${categories} categories, at least 2 are needed`;
  if (customers >= LEAST_CUSTOMERS) return null;
  return `${customers} customers have ${LEAST_PURCHASES} purchases or more, at least ${LEAST_CUSTOMERS} are needed`;
}

function noStructure(trials: readonly Trial[]): string {
  const beyond = trials.filter(({ stability }) => stability !== null);
  return beyond.length === 0
    ? 'no structure: customers differ no more than chance makes them'
    : 'no structure: customers differ, but no groups of them come again when they are drawn anew';
}

function drawn(rows: readonly number[], most: number, chance: () => number): number[] {
  const order = [...rows];
  for (let i = 0; i < Math.min(most, order.length - 1); i += 1) {
    const j = i + Math.floor(chance() * (order.length - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, most);
}

function pick(cells: Float64Array, width: number, rows: readonly number[]): Float64Array {
  const picked = new Float64Array(rows.length * width);
  for (const [to, row] of rows.entries()) picked.set(cells.subarray(row * width, (row + 1) * width), to * width);
  return picked;
}

function rowsOf({ categories, shares, purchases }: Shares, rows: readonly number[]): Shares {
  return { categories, shares: pick(shares, categories, rows), purchases: pick(purchases, 1, rows) };
}

function tryGroups(shares: Shares, orders: Float64Array, k: number, chance: () => number) {
  const width = shares.categories;
  const points = pointsOf(shares);
  const { centres, labels, within } = kMeans(points, width, k, STARTS, chance);
  const explained = 1 - within / spread(points, width);
  const byChance = Array.from({ length: SHUFFLES }, () => {
    const dealt = pointsOf(shuffled(shares, orders, chance));
    return 1 - kMeans(dealt, width, k, STARTS, chance).within / spread(dealt, width);
  });
  const mean = byChance.reduce((sum, one) => sum + one / SHUFFLES, 0);
  const deviation = Math.sqrt(byChance.reduce((sum, one) => sum + (one - mean) ** 2 / (SHUFFLES - 1), 0));
  const aboveChance = (explained - mean) / Math.max(deviation, 1e-9);
  const sizes = Array.from({ length: k }, (_, c) => labels.reduce((sum, label) => sum + (label === c ? 1 : 0), 0));
  const trial = { k, centres, explained, aboveChance };
  if (aboveChance < ABOVE_CHANCE || Math.min(...sizes) < LEAST_SEGMENT)
    return { ...trial, stability: null, groups: [] };
  return { ...trial, ...resampled(points, width, labels, k, chance) };
}

function spread(points: Float64Array, width: number): number {
  return kMeans(points, width, 1, 1, () => 0).within;
}

/** @returns how alike the groups of resamples are, as a whole and each */
function resampled(points: Float64Array, width: number, labels: Int32Array, k: number, chance: () => number) {
  let stability = 0;
  const groups = new Array<number>(k).fill(0);
  for (let b = 0; b < RESAMPLES; b += 1) {
    const rows = Array.from(labels, () => Math.floor(chance() * labels.length));
    const anew = assign(points, width, kMeans(pick(points, width, rows), width, k, STARTS, chance).centres).labels;
    stability += adjustedRand(labels, anew) / RESAMPLES;
    for (const [c, jaccard] of bestJaccards(labels, anew).entries()) groups[c]! += jaccard / RESAMPLES;
  }
  return { stability, groups };
}

/** Everybody who can be told to the nearest centre, segments in order of size. */
function assigned(
  all: Shares,
  told: readonly number[],
  { centres, groups }: { centres: Float64Array; groups: readonly number[] },
) {
  const width = all.categories;
  const points = pointsOf(rowsOf(all, told));
  const { labels } = assign(points, width, centres);
  const sizes = groups.map((_, c) => labels.reduce((sum, label) => sum + (label === c ? 1 : 0), 0));
  const order = [...sizes.keys()].sort((one, other) => sizes[other]! - sizes[one]! || one - other);
  const segmentOf = new Int32Array(all.purchases.length).fill(-1);
  const distance = new Float64Array(all.purchases.length).fill(Number.NaN);
  for (const [at, row] of told.entries()) {
    segmentOf[row] = order.indexOf(labels[at]!);
    distance[row] = Math.sqrt(squareBetween(points, at * width, centres, labels[at]! * width, width) / 2);
  }
  return { segments: order.map((c) => ({ customers: sizes[c]!, stability: groups[c]! })), segmentOf, distance };
}
