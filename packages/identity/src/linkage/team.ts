import type { LinkageSourcePlan } from '@kenal/contracts';
import { compareInto, type Feature, featuresOf, type PairRange } from './compare/features.ts';
import { type EncodedData, type EncodedSource, encodeSource, openSource } from './encode.ts';
import type { Parameters } from './estimate/parameters.ts';
import type { Rates } from './estimate/rates.ts';
import { createFrame, type Frame, scoreInto } from './frame.ts';
import type { Helper } from './helper.ts';
import type { Column } from './table.ts';

/** One thread or two at what can be done side by side. */
export interface Team {
  readonly sources: readonly EncodedSource[];
  readonly features: readonly Feature[];
  /** Write the levels of all these pairs. */
  compare(pairs: readonly PairRange[]): void;
  /** Write the score of each pair of a range. @returns what they were weighed by */
  score(pairs: PairRange, parameters: Parameters, rates: readonly Rates[], scores: Float32Array): Frame;
}

/** Pairs from which on half of them are handed over. */
const WORTH_SHARING = 20_000;

/**
 * Each thread reads and compares sources of its own, so that no value is parsed twice nor held twice; pairs are scored
 * half by half, which takes no values.
 */
export function createTeam(
  plans: readonly LinkageSourcePlan[],
  columns: readonly Column[],
  rows: Int32Array,
  helper: Helper | undefined,
): Team {
  const all = plans.map((_, source) => source);
  const theirs = helper === undefined ? [] : halfOf(plans);
  const ours = all.filter((source) => !theirs.includes(source));
  const wait = helper?.encode({ plans, columns, rows, which: theirs });
  const encoded = new Map<number, EncodedSource>();
  for (const source of ours) encoded.set(source, encodeSource(plans[source]!, columns, rows));
  wait?.().forEach((data, i) => {
    encoded.set(theirs[i]!, openSource(plans[theirs[i]!]!, columns, data));
  });
  const sources = all.map((source) => encoded.get(source)!);
  const features = featuresOf(sources.map(({ source }) => source));
  helper?.meet(sources.map(({ codes, rows, keys }): EncodedData => ({ codes, rows, keys })));
  return {
    sources,
    features,
    compare(pairs) {
      const done = helper?.compare(pairs);
      for (const source of ours) compareInto(features, source, sources[source]!, pairs);
      done?.();
    },
    score(pairs, parameters, rates, scores) {
      const isShared = helper !== undefined && pairs.to >= WORTH_SHARING;
      const middle = isShared ? Math.ceil(pairs.to / 2) : pairs.to;
      const done = isShared
        ? helper.score({ range: { ...pairs, from: middle }, parameters, rates, scores })
        : undefined;
      const frame = createFrame(sources, parameters, rates);
      scoreInto(frame, { ...pairs, to: middle }, scores);
      done?.();
      return frame;
    },
  };
}

/** Time that a source takes to read and to compare, by kind, as it was measured: a name is as much as all others. */
const COSTS: Readonly<Partial<Record<LinkageSourcePlan['kind'], number>>> = {
  ...{ name: 24, email: 11, street: 6, phone: 5, date: 5, postcode: 3 },
};
const LEAST_COST = 1;

/** Sources for the other thread: dealt out by falling cost, each to the one who has less. */
function halfOf(plans: readonly LinkageSourcePlan[]): readonly number[] {
  const costs = plans.map(({ kind }, source) => ({ source, cost: COSTS[kind] ?? LEAST_COST }));
  costs.sort((x, y) => y.cost - x.cost || x.source - y.source);
  const theirs: number[] = [];
  let [mine, other] = [0, 0];
  for (const { source, cost } of costs) {
    if (mine <= other) mine += cost;
    else {
      other += cost;
      theirs.push(source);
    }
  }
  return theirs;
}
