import { arrange } from './arrange.ts';
import { atomsOf } from './block/atoms.ts';
import { type BlockingBudget, chooseKeys } from './block/choose.ts';
import { allPairs, candidatePairs } from './block/pairs.ts';
import { agglomerate } from './cluster/agglomerate.ts';
import { compareAll, type Feature, featuresOf } from './compare/features.ts';
import { type EncodedSource, encode } from './encode.ts';
import { estimate } from './estimate/parameters.ts';
import { countPatterns } from './estimate/patterns.ts';
import { randomPairs } from './estimate/random-pairs.ts';
import { ratesOf } from './estimate/rates.ts';
import { isEcho } from './estimate/echo.ts';
import { bitsOf, echoOfPair, homeBitsOf, oddsOf, scoreAll, weightsOf } from './estimate/weights.ts';
import { planSources } from './fields/plan.ts';
import type { Column } from './table.ts';

const ALL_PAIRS_TO = 1_600;
const A = Number(globalThis.process?.env.AA ?? 0.5), T = Number(globalThis.process?.env.TT ?? 0);
export let trace: (label: string, detail?: unknown) => void = () => {};
export const setTrace = (f: typeof trace) => { trace = f; };

export function linkRecords(columns: readonly Column[], size: number, seed = 1) {
  const { rows, recordOf } = arrange(columns, size);
  trace('arrange', rows.length);
  const plans = planSources(columns);
  const sources = encode(plans, columns, rows);
  trace('encode', plans.map((p) => `${p.kind}:${p.name}${p.identifies ? '!' : ''}`).join(' '));
  const n = rows.length;
  const features = featuresOf(sources);
  const atoms = atomsOf(sources, seed);
  const budget = budgetOf(n);
  const keys = n <= ALL_PAIRS_TO ? [] : chooseKeys(atoms, n, budget);
  trace('keys', keys.map((k) => k.atoms.map((x) => x.name).join('+')).join('  '));
  const candidates = n <= ALL_PAIRS_TO ? allPairs(n) : candidatePairs(keys, atoms, n, budget.block);
  trace('pairs', [candidates.size, candidates.dropped]);
  const levels = compareAll(features, sources, candidates.a, candidates.b);
  trace('compare');
  const random = randomPairs(n, 120_000, seed);
  const randomLevels = compareAll(features, sources, random.a, random.b);
  trace('random');
  const observed = {
    features,
    candidates: countPatterns(levels, candidates.blockedBy, Math.max(1, Math.ceil(candidates.size / 2_000_000))),
    random: countPatterns(randomLevels, new Int32Array(random.a.length), 1),
    pairs: (n * (n - 1)) / 2,
    records: n,
  };
  trace('patterns', [observed.candidates.size, observed.random.size]);
  const parameters = estimate(observed);
  trace('estimate', [parameters.shared.map((x) => x.toFixed(2)).join(' '), parameters.prior * observed.pairs, parameters.household * observed.pairs]);
  let people = Int32Array.from({ length: n }, (_, i) => i);
  let weights = weightsOf(features, sources, parameters, ratesOf(features, sources, people));
  let scores = scoreAll(weights, levels, candidates.a, candidates.b);
  for (let round = 0; round < 2; round++) {
    if (round > 0) {
      weights = weightsOf(features, sources, parameters, ratesOf(features, sources, people));
      scores = scoreAll(weights, levels, candidates.a, candidates.b);
    }
    trace('score');
    const one = new Int32Array(1), other = new Int32Array(1);
    const score = (x: number, y: number) => {
      one[0] = x; other[0] = y;
      let sum = weights.prior;
      let home = weights.household;
      const seen: number[] = features.map(() => 255);
      features.forEach(({ comparator, source }, f) => {
        const { values, codes } = sources[source]!;
        const [c, d] = [codes[x]!, codes[y]!];
        if (c < 0 || d < 0) return;
        const level = comparator.compare(values[c]!, values[d]!);
        seen[f] = level;
        sum += bitsOf(weights, f, level, x);
        home += homeBitsOf(weights, f, level, x);
      });
      for (const echo of weights.echoes)
        if (isEcho(echo, seen[echo.email]!, seen[echo.given]!, seen[echo.family]!))
          sum -= echoOfPair(weights, echo, seen[echo.email]!, x, y);
      return oddsOf(sum, home) - A * weights.prior;
    };
    people = agglomerate(n, { ...candidates, scores }, { threshold: T, score, mayLink: () => true, guardShift: A * weights.prior }) as Int32Array<ArrayBuffer>;
    trace('cluster');
  }
  const clusters = recordOf.map((record) => people[record]!);
  return { clusters, features, parameters, weights, candidates, scores, levels, rows, recordOf, sources, keys };
}

function budgetOf(n: number): BlockingBudget {
  return {
    pairs: Math.min(8_000_000, Math.max(1_500_000, 30 * n)),
    block: n <= 20_000 ? 200 : n <= 200_000 ? 120 : 60,
    keys: n <= 20_000 ? 150 : n <= 200_000 ? 40 : 14,
  };
}
export type { EncodedSource, Feature };
