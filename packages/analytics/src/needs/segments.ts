import { createChance } from '../numerics/chance.ts';
import { adjustedRand, bestJaccards } from './agreement.ts';
import { assign, type Clusters, kMeans, squareBetween } from './k-means.ts';
import { baseOf, pointsOf, type Shares, type Spending, sharesOf, shuffled } from './shares.ts';

export interface NeedSegmentsOptions {
  /** The same data and seed give the same segments. */
  readonly seed: number;
  /** Groups to try at most; default 8. */
  readonly most?: number;
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

/** Groups of needs, as they were learnt: the largest first. */
export interface NeedModel {
  /** Mean adjusted Rand index with resamples. */
  readonly stability: number;
  /** Of each group, mean Jaccard similarity with its like in resamples: from 0.75 a group that is there, below 0.6 one not to be trusted (Hennig). */
  readonly stabilities: readonly number[];
  /** Shares that few purchases are drawn to. */
  readonly base: Float64Array;
  /** A row of roots of shares for each group. */
  readonly centres: Float64Array;
}

export type NeedSegments = { readonly trials: readonly Trial[] } & (
  | { readonly model: null; readonly why: string }
  | { readonly model: NeedModel }
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
/** Beyond it stabilities are alike: the finer groups are taken. */
const VERY_STABLE = 0.95;
const STARTS = 3;

/**
 * Groups of customers by what their money goes to: k-means on shrunken shares, for 2 groups and more. A number of groups counts where they
 * explain clearly more than those of the same purchases dealt out by chance (a reference without structure, as in Tibshirani, Walther &
 * Hastie 2001, JRSS B 63), and come again in resamples: bootstrap samples grouped anew, everybody assigned by these, compared by
 * the adjusted Rand index (Ben-Hur, Elisseeff & Guyon 2002, PSB 7; each group by Jaccard: Hennig 2007, CSDA 52). The most stable
 * number is taken, of several that hardly change the largest; where none is stable there are no groups. Needs that differ from
 * customer to customer without groups may still be cut stably along their longest direction: stability says that a cut comes again,
 * not that there is a gap.
 */
export function needSegmentsOf(spending: Spending, { seed, most = 8 }: NeedSegmentsOptions): NeedSegments {
  const few = `there are ${spending.categories} categories, at least 2 are needed`;
  if (spending.categories < 2) return { model: null, why: few, trials: [] };
  const all = sharesOf(spending);
  const rows = [...all.purchases.keys()].filter((i) => all.purchases[i]! >= LEAST_PURCHASES);
  const why = tooLittle(rows.length);
  if (why !== null) return { model: null, why, trials: [] };
  const chance = createChance(seed);
  const [shares, orders] = [rowsOf(all, rows), pick(spending.orders, all.categories, rows)];
  const tried: ReturnType<typeof tryGroups>[] = [];
  const largest = Math.min(most, Math.floor(rows.length / (2 * LEAST_SEGMENT)));
  for (let k = 2; k <= largest; k += 1) tried.push(tryGroups(shares, orders, k, chance));
  const stable = tried.filter(({ stability }) => stability !== null && stability >= STABLE);
  const chosen =
    stable.findLast(({ stability }) => stability! >= VERY_STABLE) ??
    stable.toSorted((one, other) => other.stability! - one.stability! || one.k - other.k)[0];
  const trials = tried.map(({ k, explained, aboveChance, stability }) => ({ k, explained, aboveChance, stability }));
  if (chosen === undefined) return { model: null, why: noStructure(trials), trials };
  const { groups: stabilities, centres, stability } = chosen;
  return { model: { stability: stability!, stabilities, centres, base: baseOf(shares) }, trials };
}

/** Where customers are among groups that were learnt of them, or of others. */
export interface NeedPlaces {
  /** Of each customer the group, from 0; −1 where there are too few purchases to tell. */
  readonly segment: Int32Array;
  /** Hellinger distance to its centre, 0 to 1; NaN where there is none. */
  readonly distance: Float64Array;
}

/** @param spending by the same categories as the model was learnt of */
export function needPlacesOf({ base, centres }: NeedModel, spending: Spending): NeedPlaces {
  const shares = sharesOf(spending);
  const width = shares.categories;
  const points = pointsOf(shares, base);
  const { labels: segment } = assign(points, width, centres);
  const distance = new Float64Array(segment.length);
  for (const [i, label] of segment.entries()) {
    const isTold = shares.purchases[i]! >= LEAST_PURCHASES;
    distance[i] = isTold ? Math.sqrt(squareBetween(points, i * width, centres, label * width, width) / 2) : Number.NaN;
    if (!isTold) segment[i] = -1;
  }
  return { segment, distance };
}

function tooLittle(customers: number): string | null {
  if (customers >= LEAST_CUSTOMERS) return null;
  return `${customers} customers have ${LEAST_PURCHASES} purchases or more, at least ${LEAST_CUSTOMERS} are needed`;
}

function noStructure(trials: readonly Trial[]): string {
  const beyond = trials.filter(({ stability }) => stability !== null);
  return beyond.length === 0
    ? 'no structure: customers differ no more than chance makes them'
    : 'no structure: customers differ, but no groups of them come again when they are drawn anew';
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
  const points = pointsOf(shares, baseOf(shares));
  const found = kMeans(points, width, k, STARTS, chance);
  const explained = 1 - found.within / spread(points, width);
  const byChance = Array.from({ length: SHUFFLES }, () => {
    const anew = shuffled(shares, orders, chance);
    const dealt = pointsOf(anew, baseOf(anew));
    return 1 - kMeans(dealt, width, k, STARTS, chance).within / spread(dealt, width);
  });
  const mean = byChance.reduce((sum, one) => sum + one / SHUFFLES, 0);
  const deviation = Math.sqrt(byChance.reduce((sum, one) => sum + (one - mean) ** 2 / (SHUFFLES - 1), 0));
  const aboveChance = (explained - mean) / Math.max(deviation, 1e-9);
  const { centres, labels, least } = largestFirst(found, width, k);
  const trial = { k, centres, explained, aboveChance };
  if (aboveChance < ABOVE_CHANCE || least < LEAST_SEGMENT) return { ...trial, stability: null, groups: [] };
  return { ...trial, ...resampled(points, width, labels, k, chance) };
}

/** The same groups in order of their size. @returns also the size of the least */
function largestFirst({ centres, labels }: Clusters, width: number, k: number) {
  const sizes = new Float64Array(k);
  for (const label of labels) sizes[label]! += 1;
  const order = [...sizes.keys()].sort((one, other) => sizes[other]! - sizes[one]! || one - other);
  return {
    centres: pick(centres, width, order),
    labels: labels.map((label) => order.indexOf(label)),
    least: Math.min(...sizes),
  };
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
