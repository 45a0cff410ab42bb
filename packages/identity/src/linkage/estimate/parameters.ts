import { type Comparator, MISSING } from '../compare/comparator.ts';
import type { Feature } from '../compare/features.ts';
import type { Patterns } from './patterns.ts';

/** What is estimated: how often pairs of one person (m) and of two (u) stand at each level, and how many are of one. */
export interface Parameters {
  /** Share of all pairs of records that are of one person. */
  readonly prior: number;
  /** By feature, by level. */
  readonly m: readonly Float64Array[];
  readonly u: readonly Float64Array[];
}

const ROUNDS = 25;
/** Pairs that the beliefs about a level count for, beside those observed. */
const BELIEF_M = 12;
const BELIEF_U = 2;

export interface Observed {
  readonly features: readonly Feature[];
  /** Pairs found by keys. */
  readonly candidates: Patterns;
  /** Pairs drawn at random, among which few are of one person. */
  readonly random: Patterns;
  /** All pairs there are. */
  readonly pairs: number;
  readonly records: number;
}

/**
 * Expectation–maximisation for the model of Fellegi & Sunter (1969), after Winkler (1988): u from random pairs, each
 * weighed by how likely it is of two people; m from candidates, leaving out what the key that found them looked at.
 */
export function estimate({ features, candidates, random, pairs, records }: Observed): Parameters {
  let parameters: Parameters = {
    prior: Math.min(0.2, (0.3 * records) / pairs),
    m: features.map(({ comparator }) => normalised(comparator.levels.map(({ m }) => m))),
    u: features.map((feature, f) => shares(feature, random.levels[f]!, random.counts, BELIEF_U, 'u')),
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const ofCandidates = posteriors(parameters, candidates);
    const ofRandom = posteriors(parameters, random);
    const matches = ofCandidates.reduce((sum, posterior, i) => sum + posterior * candidates.counts[i]!, 0);
    parameters = {
      prior: Math.min(0.5, (matches + 0.5) / (pairs + 1)),
      m: features.map((feature, f) => {
        const free = candidates.counts.map((count, i) =>
          (candidates.blockedBy[i]! & (1 << feature.source)) === 0 ? count * ofCandidates[i]! : 0,
        );
        return shares(feature, candidates.levels[f]!, free, BELIEF_M, 'm');
      }),
      u: features.map((feature, f) => {
        const weights = random.counts.map((count, i) => count * (1 - ofRandom[i]!));
        return shares(feature, random.levels[f]!, weights, BELIEF_U, 'u');
      }),
    };
  }
  return parameters;
}

/** Probability that the pairs of each pattern are of one person. */
function posteriors({ prior, m, u }: Parameters, patterns: Patterns): Float64Array {
  const weights = m.map((ofFeature, f) => ofFeature.map((share, l) => Math.log(share / u[f]![l]!)));
  const start = Math.log(prior / (1 - prior));
  return patterns.counts.map((_, i) => {
    let odds = start;
    for (let f = 0; f < weights.length; f += 1) {
      const l = patterns.levels[f]![i]!;
      if (l !== MISSING) odds += weights[f]![l]!;
    }
    return 1 / (1 + Math.exp(-odds));
  });
}

function shares(
  { comparator }: { readonly comparator: Pick<Comparator<never>, 'levels'> },
  levels: Uint8Array,
  weights: Float64Array,
  belief: number,
  side: 'm' | 'u',
): Float64Array {
  const sums = comparator.levels.map((level) => level[side] * belief);
  levels.forEach((l, i) => {
    if (l !== MISSING) sums[l]! += weights[i]!;
  });
  return normalised(sums);
}

function normalised(values: readonly number[]): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return Float64Array.from(values, (value) => value / sum);
}
