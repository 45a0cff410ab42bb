import { type Comparator, MISSING, SCOPES } from '../compare/comparator.ts';
import type { Feature } from '../compare/features.ts';
import { haveHouseholds, KINSHIPS, type KinshipOf } from '../decide/households.ts';
import { ECHO_BITS, echoFeaturesOf, isEcho } from './echo.ts';
import { createOverlap, learnOverlap, type Overlap, repeated } from './overlap.ts';
import { type Patterns, selectPatterns } from './patterns.ts';
import { clamp } from './weights.ts';

/** What is estimated: how often pairs of one person (m) and of two (u) stand at each level, and how many are of one. */
export interface Parameters {
  /** Share of all pairs of records that are of one person. */
  readonly prior: number;
  /** Share that is of two people of one household. */
  readonly household: number;
  /** By feature: how often two of one household have the same. */
  readonly shared: readonly number[];
  /** By feature, by level. */
  readonly m: readonly Float64Array[];
  readonly u: readonly Float64Array[];
  readonly overlap: Overlap;
}

const ROUNDS = 25;
/** The round from which on pairs that are less likely than this are left out: they are most, and no more will become of them. */
const SETTLED = 3;
const HOPELESS = 1e-9;
/** Pairs that the beliefs about a level count for, beside those observed. */
const BELIEF_M = 12;
const BELIEF_U = 2;
/** The same of what is given out to one person each: few records may have a passport, and two of them the same. */
const BELIEF_U_OF_IDENTIFIERS = 200;
/** Pairs of one household that are believed in before any is seen: at most so many, and fewer the more is seen. */
const BELIEF_HOUSEHOLD = 3;
const BELIEF_FADES_AT = 200;
/** Pairs that the belief in what households share counts for. */
const BELIEF_SHARED = 20;
/** However dirty the data: more of the pairs of one person do not differ in what is a person's own. */
const MOST_DIFFERENT = 0.25;
/** However often people move and marry: more of them keep what is their household's. */
const MOST_MOVED = 0.6;
/** What a household shares less than this is not looked for in the data: twins, father and son of one name. */
const LEAST_VARIABLE = 0.05;
/** What a household shares more than this is what makes it one: its address. */
const MOST_VARIABLE = 0.89;

export interface Observed {
  readonly features: readonly Feature[];
  /** Pairs found by keys. */
  readonly candidates: Patterns;
  /** Pairs drawn at random, among which few are of one person. */
  readonly random: Patterns;
  /** All pairs there are. */
  readonly pairs: number;
  readonly records: number;
  /** What is of two people, as far as is known of the file. */
  readonly kinshipsOf: (parameters: Parameters) => KinshipOf;
}

/**
 * Expectation–maximisation for the model of Fellegi & Sunter (1969), after Winkler (1988): u from random pairs, each
 * weighed by how likely it is of two people; m from candidates, leaving out what the key that found them looked at.
 */
export function estimate({ features, candidates: all, random, pairs, records, kinshipsOf }: Observed): Parameters {
  const u = features.map((feature, f) => sharesOfTwo(feature, random.levels[f]!, random.counts));
  let parameters: Parameters = {
    prior: Math.min(0.2, (0.3 * records) / pairs),
    household: Math.min(0.2, (0.3 * records) / pairs),
    shared: features.map(({ comparator }) => comparator.shared),
    m: features.map(({ comparator }) => normalised(comparator.levels.map(({ m }) => m))),
    u,
    overlap: createOverlap(features, u),
  };
  let candidates = all;
  let kinships = createMarks(all);
  const kinshipsOfRandom = createMarks(random);
  let shown = 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    const kinshipOf = kinshipsOf(parameters);
    const marks = kinships(kinshipOf);
    const areShown = haveHouseholds(features, { ...parameters, household: parameters.household * shown }, records);
    const { one: ofCandidates, household } = posteriors(features, parameters, candidates, marks, areShown);
    const overlap =
      round % SETTLED === 0
        ? overlapOf(parameters, features, candidates, ofCandidates, household, round <= SETTLED)
        : parameters.overlap;
    if (round === SETTLED) {
      candidates = selectPatterns(candidates, hopefulOf(ofCandidates, household));
      kinships = createMarks(candidates);
      parameters = { ...parameters, overlap };
      continue;
    }
    shown = certainty(ofCandidates, household, candidates.counts, marks);
    const { one: ofRandom } = posteriors(features, parameters, random, kinshipsOfRandom(kinshipOf), areShown);
    const ones = candidates.counts.map((count, i) => count * ofCandidates[i]!);
    const others = random.counts.map((count, i) => count * (1 - ofRandom[i]!));
    const matches = weighed(ofCandidates, candidates.counts);
    parameters = {
      overlap,
      prior: Math.min(0.5, (matches + 0.5) / (pairs + 1)),
      household: Math.min(
        0.4,
        (weighed(household, candidates.counts) + BELIEF_HOUSEHOLD / Math.max(1, records / BELIEF_FADES_AT)) /
          (pairs + 1),
      ),
      shared: features.map((feature, f) => sharedOf(feature, f, parameters, candidates, household)),
      m: features.map((feature, f) => {
        const { blockedBy } = candidates;
        return plausible(
          feature,
          shares(
            feature,
            candidates.levels[f]!,
            ones,
            BELIEF_M,
            'm',
            (i) => (blockedBy[i]! & (1 << feature.source)) === 0,
          ),
        );
      }),
      u: features.map((feature, f) => sharesOfTwo(feature, random.levels[f]!, others)),
    };
  }
  return { ...parameters, household: parameters.household * shown };
}

/** @param isWhole whether pairs of any two people are still among the patterns */
function overlapOf(
  parameters: Parameters,
  features: readonly Feature[],
  patterns: Patterns,
  one: Float64Array,
  household: Float64Array,
  isWhole: boolean,
): Overlap {
  const { counts } = patterns;
  const weighed = {
    ...{ patterns, bits: bitsOf(parameters), m: parameters.m, u: parameters.u },
    one: counts.map((count, i) => count * one[i]!),
    any: counts.map((count, i) => count * (1 - one[i]! - household[i]!)),
    sources: features.map(({ source }) => 1 << source),
  };
  return learnOverlap(parameters.overlap, weighed, isWhole);
}

/** Patterns that may still be of one person or of one household. */
function hopefulOf(one: Float64Array, household: Float64Array): Int32Array {
  const kept = new Int32Array(one.length);
  let size = 0;
  for (let i = 0; i < one.length; i += 1) if (one[i]! > HOPELESS || household[i]! > HOPELESS) kept[size++] = i;
  return kept.subarray(0, size);
}

/**
 * How far there are households at all: relatives who differ in name and birthday outnumber those who differ in one of
 * the two. Where they do not, those few are more likely one person's errors than twins.
 */
function certainty(one: Float64Array, household: Float64Array, counts: Float64Array, kinships: Uint8Array): number {
  let [certain, doubtful] = [0, 0];
  for (let i = 0; i < counts.length; i += 1) {
    if (kinships[i] === KINSHIPS.relatives) certain += household[i]! * counts[i]!;
    else if (kinships[i] === KINSHIPS.doubtful) doubtful += (one[i]! + household[i]!) * counts[i]!;
  }
  return certain >= doubtful ? 1 : (certain / doubtful) ** 2;
}

interface Posteriors {
  /** Probability that pairs of each pattern are of one person. */
  readonly one: Float64Array;
  /** That they are of two people of one household. */
  readonly household: Float64Array;
}

/** By pattern: its kinship. Looked at once for each judge. */
function createMarks({ size, levels }: Patterns): (kinshipOf: KinshipOf) => Uint8Array {
  const known = new Map<KinshipOf, Uint8Array>();
  return (kinshipOf) => {
    let marks = known.get(kinshipOf);
    if (marks === undefined) {
      marks = Uint8Array.from({ length: size }, (_, i) => kinshipOf((f) => levels[f]![i]!));
      known.set(kinshipOf, marks);
    }
    return marks;
  };
}

function posteriors(
  features: readonly Feature[],
  parameters: Parameters,
  patterns: Patterns,
  kinships: Uint8Array,
  areHouseholds: boolean,
): Posteriors {
  const { prior, household, shared, overlap } = parameters;
  const bits = bitsOf(parameters);
  const echoes = echoFeaturesOf(features);
  const homeBits = bits.map((ofFeature, f) => ofFeature.map((own) => Math.log2(sharedRatio(2 ** own, shared[f]!))));
  const least = areHouseholds ? KINSHIPS.doubtful : KINSHIPS.strangers;
  const result = { one: new Float64Array(patterns.size), household: new Float64Array(patterns.size) };
  const parts = new Float64Array(overlap.order.length);
  const bitsAt = (place: number): number => parts[place]!;
  for (let i = 0; i < patterns.size; i += 1) {
    let [own, home] = [0, 0];
    for (let f = 0; f < bits.length; f += 1) {
      const l = patterns.levels[f]![i]!;
      if (l === MISSING) continue;
      own += bits[f]![l]!;
      home += homeBits[f]![l]!;
    }
    overlap.order.forEach((f, place) => {
      const l = patterns.levels[f]![i]!;
      parts[place] = l === MISSING ? 0 : bits[f]![l]!;
    });
    for (const { email, given, family } of echoes) {
      const level = patterns.levels[email]![i]!;
      if (isEcho(level, patterns.levels[given]![i]!, patterns.levels[family]![i]!))
        own -= Math.max(0, bits[email]![level]! - ECHO_BITS);
    }
    const twice = repeated(overlap, bitsAt);
    const one = kinships[i]! >= least ? 0 : prior * 2 ** (own - twice);
    const relatives = household * 2 ** (home - twice);
    const all = one + relatives + (1 - prior - household);
    result.one[i] = one / all;
    result.household[i] = relatives / all;
  }
  return result;
}

/** By feature, by level: bits for one person. */
function bitsOf({ m, u }: Pick<Parameters, 'm' | 'u'>): readonly Float64Array[] {
  return m.map((ofFeature, f) => ofFeature.map((share, l) => clamp(Math.log2(share / u[f]![l]!))));
}

/**
 * Likelihood ratio of an observation for two people of one household: now and then they have the same as one person
 * has twice, else they are any two people.
 */
export function sharedRatio(ratio: number, shared: number): number {
  return shared * ratio + 1 - shared;
}

/** How much of a household's pairs has the same because it is the household's, as far as that can vary. */
function sharedOf(
  { comparator, source }: Feature,
  f: number,
  { shared, m, u }: Parameters,
  candidates: Patterns,
  household: Float64Array,
): number {
  const belief = comparator.shared;
  if (belief < LEAST_VARIABLE || belief > MOST_VARIABLE) return belief;
  const rate = shared[f]!;
  let [same, all] = [belief * BELIEF_SHARED, BELIEF_SHARED];
  for (let i = 0; i < candidates.size; i += 1) {
    const l = candidates.levels[f]![i]!;
    if (l === MISSING || (candidates.blockedBy[i]! & (1 << source)) !== 0) continue;
    const ratio = m[f]![l]! / u[f]![l]!;
    const weight = household[i]! * candidates.counts[i]!;
    same += (weight * rate * ratio) / sharedRatio(ratio, rate);
    all += weight;
  }
  return same / all;
}

function plausible({ comparator: { scope, levels } }: Feature, m: Float64Array): Float64Array {
  const last = levels.length - 1;
  const most = scope === SCOPES.household ? MOST_MOVED : MOST_DIFFERENT;
  if (m[last]! <= most) return m;
  const rest = (1 - most) / (1 - m[last]!);
  return m.map((share, l) => (l === last ? most : share * rest));
}

function weighed(posteriors: Float64Array, counts: Float64Array): number {
  return posteriors.reduce((sum, posterior, i) => sum + posterior * counts[i]!, 0);
}

function sharesOfTwo(feature: Feature, levels: Uint8Array, weights: Float64Array): Float64Array {
  const isIdentifier = feature.comparator.scope === SCOPES.identifier;
  return shares(feature, levels, weights, isIdentifier ? BELIEF_U_OF_IDENTIFIERS : BELIEF_U, 'u');
}

function shares(
  { comparator }: { readonly comparator: Pick<Comparator<never>, 'levels'> },
  levels: Uint8Array,
  weights: Float64Array,
  belief: number,
  side: 'm' | 'u',
  counts: (pattern: number) => boolean = () => true,
): Float64Array {
  const sums = comparator.levels.map((level) => level[side] * belief);
  for (let i = 0; i < levels.length; i += 1) {
    const l = levels[i]!;
    if (l !== MISSING && counts(i)) sums[l]! += weights[i]!;
  }
  return normalised(sums);
}

function normalised(values: readonly number[]): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return Float64Array.from(values, (value) => value / sum);
}
