import type { LinkageModel } from '@kenal/contracts';
import { BARRED, CAP } from './cluster/agglomerate.ts';
import type { Evidence } from './cluster/gather.ts';
import { MISSING } from './compare/comparator.ts';
import { type Feature, featuresOf, type PairRange } from './compare/features.ts';
import type { Agreement, Guard, LevelOf, Veto } from './decide/guard.ts';
import { guardOf, haveHouseholds } from './decide/households.ts';
import type { EncodedSource } from './encode.ts';
import { isEcho } from './estimate/echo.ts';
import { repeated } from './estimate/overlap.ts';
import type { Parameters } from './estimate/parameters.ts';
import type { Rates } from './estimate/rates.ts';
import { bitsOf, echoOfPair, homeBitsOf, oddsOf, scorePairs, type Weights, weightsOf } from './estimate/weights.ts';

/** Records made ready to be scored under one model. */
export interface Frame {
  readonly sources: readonly EncodedSource[];
  readonly features: readonly Feature[];
  readonly weights: Weights;
  readonly guard: Guard;
  readonly hasHouseholds: boolean;
}

/** What one aspect of two records says, in bits: above 0 for one person, below 0 against. */
export interface Contribution {
  /** `given_name`, `birth_date`; `household`, `address` and `echo` for what was said twice. */
  readonly field: string;
  /** `exact`, `swapped`, `different` … */
  readonly level: string;
  readonly bits: number;
}

/** A pair weighed; the contributions add up to the score, the first being what is believed of any pair. */
export interface PairScore {
  /** Log2 odds that the two are one person. */
  readonly score: number;
  readonly contributions: readonly Contribution[];
  readonly veto: Veto | null;
  readonly agreement: Agreement;
  readonly conflicts: boolean;
  readonly isBarred: boolean;
}

export function createFrame(sources: readonly EncodedSource[], parameters: Parameters, rates: readonly Rates[]): Frame {
  const features = featuresOf(sources.map(({ source }) => source));
  const hasHouseholds = haveHouseholds(features, parameters, sources[0]?.codes.length ?? 0);
  const weights = weightsOf(features, sources, parameters, rates);
  return { sources, features, weights, guard: guardOf(features, parameters), hasHouseholds };
}

export function parametersOf({ prior, household, features, overlap }: LinkageModel): Parameters {
  return {
    ...{ prior, household, overlap, shared: features.map(({ shared }) => shared) },
    m: features.map(({ m }) => Float64Array.from(m)),
    u: features.map(({ u }) => Float64Array.from(u)),
  };
}

const readRates = new WeakMap<LinkageModel, readonly Rates[]>();

/** Read once a model: a live record is weighed in less time than a large model's maps are made. */
export function ratesOfModel(model: LinkageModel): readonly Rates[] {
  let rates = readRates.get(model);
  if (rates === undefined) {
    rates = model.rates.map((rate) => ({ ...rate, common: new Map(rate.common) }));
    readRates.set(model, rates);
  }
  return rates;
}

/** Levels of a pair, by feature. */
function levelsOf({ features, sources }: Frame, a: number, b: number): Uint8Array {
  return Uint8Array.from(features, ({ comparator, source }) => {
    const { value, codes } = sources[source]!;
    const [x, y] = [codes[a]!, codes[b]!];
    return x < 0 || y < 0 ? MISSING : comparator.compare(value(x), value(y));
  });
}

/** Write the log2 odds of each pair of a range, those that are not one person, whatever agrees, as far from it as can be. */
export function scoreInto(frame: Frame, range: PairRange, scores: Float32Array): void {
  const { weights, guard, hasHouseholds } = frame;
  scorePairs(weights, range, scores);
  if (!hasHouseholds) return;
  let pair = range.from;
  const levelOf: LevelOf = (f) => range.levels[f]![pair]!;
  for (; pair < range.to; pair += 1) {
    if (guard.isBarred(levelOf)) scores[pair] = BARRED;
    else if (scores[pair]! > -CAP && guard.veto(levelOf) !== null) scores[pair] = -CAP;
  }
}

/** What records say of each other, by feature, where there are no households. What was said twice is taken back. */
export function evidenceOf(frame: Frame): Evidence {
  const { features, weights, sources } = frame;
  return {
    prior: weights.prior,
    fields: features.length,
    weigh(a, b, bits) {
      const [low, high] = a < b ? [a, b] : [b, a];
      const levels = levelsOf(frame, low, high);
      for (let f = 0; f < features.length; f += 1)
        bits[f] = levels[f] === MISSING ? Number.NaN : bitsOf(weights, f, levels[f]!, low);
      for (const echo of weights.echoes) {
        const level = levels[echo.email]!;
        if (isEcho(level, levels[echo.given]!, levels[echo.family]!))
          bits[echo.email]! -= echoOfPair(weights, echo, level, low, high);
      }
    },
    cellOf: (field, record) => sources[features[field]!.source]!.codes[record]!,
  };
}

/** Weigh one pair, and tell what each aspect gave: its waterfall. */
export function weigh(frame: Frame, a: number, b: number): PairScore {
  const { features, weights, guard } = frame;
  const [low, high] = a < b ? [a, b] : [b, a];
  const levels = levelsOf(frame, low, high);
  const levelOf: LevelOf = (f) => levels[f]!;
  const contributions: Contribution[] = [{ field: 'prior', level: 'any pair', bits: weights.prior }];
  let [one, home] = [weights.prior, weights.household];
  const { overlap } = weights;
  const parts = new Float32Array(overlap.order.length);
  const add = (field: string, level: string, bits: number): void => {
    contributions.push({ field, level, bits });
    one += bits;
  };
  features.forEach(({ comparator }, f) => {
    const level = levels[f]!;
    if (level === MISSING) return;
    const bits = bitsOf(weights, f, level, low);
    add(comparator.name, comparator.levels[level]!.name, bits);
    const place = overlap.order.indexOf(f);
    if (place >= 0) parts[place] = bits;
    home += homeBitsOf(weights, f, level, low);
  });
  for (const echo of weights.echoes) {
    const level = levels[echo.email]!;
    if (isEcho(level, levels[echo.given]!, levels[echo.family]!))
      add('echo', 'address made of the name', -echoOfPair(weights, echo, level, low, high));
  }
  const twice = repeated(overlap, (place) => parts[place]!);
  if (twice !== 0) add('address', 'parts that say the same', -twice);
  const score = oddsOf(one, home - twice);
  add('household', 'as likely of one household', score - one);
  const verdict = {
    veto: guard.veto(levelOf),
    agreement: guard.agreement(levelOf),
    conflicts: guard.conflicts(levelOf),
    isBarred: guard.isBarred(levelOf),
  };
  return { score, contributions, ...verdict };
}
