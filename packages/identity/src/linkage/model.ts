import type { LinkageBlockingKey, LinkageModel, LinkageSourcePlan } from '@kenal/contracts';
import type { Candidates } from './block/pairs.ts';
import type { Feature } from './compare/features.ts';
import { probabilityOf } from './decide/bands.ts';
import type { Parameters } from './estimate/parameters.ts';
import type { Rates } from './estimate/rates.ts';
import { hashText } from './text/hash.ts';

export interface Learned {
  readonly seed: number;
  readonly plans: readonly LinkageSourcePlan[];
  readonly features: readonly Feature[];
  readonly parameters: Parameters;
  readonly rates: readonly Rates[];
  readonly blocking: readonly LinkageBlockingKey[];
  readonly candidates: Candidates;
  readonly scores: Float32Array;
  readonly records: number;
}

/** What was learned as plain data, for storing; `version` is a hash of it, so that equal models have equal names. */
export function modelOf({ seed, plans, features, parameters, rates, blocking, ...seen }: Learned): LinkageModel {
  const model = {
    seed,
    sources: plans.map((plan) => ({ ...plan, columns: [...plan.columns] })),
    ...{ prior: parameters.prior, household: parameters.household },
    overlap: {
      order: [...parameters.overlap.order],
      agree: parameters.overlap.agree.map((row) => [...row]),
      differ: parameters.overlap.differ.map((row) => [...row]),
    },
    features: features.map(({ comparator: { name } }, f) => ({
      name,
      shared: parameters.shared[f]!,
      m: [...parameters.m[f]!],
      u: [...parameters.u[f]!],
    })),
    rates: rates.map(({ common, ...rate }) => ({ ...rate, common: [...common] })),
    blocking: blocking.map((parts) => [...parts]),
    quality: qualityOf(seen),
  };
  return named(model);
}

function named(model: Omit<LinkageModel, 'version'>): LinkageModel {
  const text = JSON.stringify(model);
  const version = [0, 1].map((round) => (hashText(text, round) >>> 0).toString(16).padStart(8, '0')).join('');
  return { version, ...model };
}

/**
 * A model that is small enough to be stored: where it is too large, frequent values lose the rate of their own, the rarest
 * of each key first. Records are then to be weighed under this one, so that all scores are of one model.
 * @param bytes of its JSON, which is ASCII but for the names of columns
 */
export function boundModel(model: LinkageModel, bytes: number): LinkageModel {
  let bounded = model;
  for (let most = largestOf(model) >> 1; JSON.stringify(bounded).length > bytes && most > 0; most >>= 1) {
    const { version: _, ...rest } = model;
    bounded = named({ ...rest, rates: rest.rates.map((rate) => ({ ...rate, common: rate.common.slice(0, most) })) });
  }
  return bounded;
}

function largestOf({ rates }: LinkageModel): number {
  return rates.reduce((most, { common }) => Math.max(most, common.length), 0);
}

function qualityOf({ candidates, scores, records }: Pick<Learned, 'candidates' | 'scores' | 'records'>) {
  let [expectedMatches, likely, sure] = [0, 0, 0];
  for (const score of scores) {
    const probability = probabilityOf(score);
    expectedMatches += probability;
    if (score < 0) continue;
    likely += 1;
    sure += probability;
  }
  const expectedPrecision = likely === 0 ? 1 : sure / likely;
  return { records, candidates: candidates.size, dropped: candidates.dropped, expectedMatches, expectedPrecision };
}
