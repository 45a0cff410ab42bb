import { expect, it } from 'vitest';
import { cellsFrom } from '../purchases/cells.ts';
import { createChance } from '../testing/simulate.ts';
import { bgAlive, bgLogLikelihood } from './bg-nbd.ts';
import type { LogLikelihood } from './fit.ts';
import { expectedSpend, gammaGammaLogLikelihood } from './gamma-gamma.ts';
import { paretoAlive, paretoLogLikelihood } from './pareto-nbd.ts';
import { bgOutlook, paretoOutlook, type RepeatOutlook } from './repeat.ts';

// Ring 1 compiles without Node's types, hence the detour
const { env = {} } = (globalThis as { process?: { env: Record<string, string | undefined> } }).process ?? {};
/** `KENAL_FUZZ_ROWS`: customers with parameters of their own. */
const ROWS = Number(env.KENAL_FUZZ_ROWS ?? 3_000);
const WEEKS = 7;
const MINUTES = 60_000;

it(`gives ${ROWS} customers of any parameters finite numbers, chances from 0 to 1 and counts from 0`, {
  timeout: 60 * MINUTES,
}, () => {
  const random = createChance(1997);
  const faults: string[] = [];
  for (let row = 0; row < ROWS && faults.length < 5; row += 1) {
    const parameters = Array.from({ length: 4 }, () => 10 ** (random() * 7 - 3));
    const x = Math.floor(random() * (random() < 0.3 ? 4 : 5_001));
    const recency = x === 0 ? 0 : x + Math.floor(random() * 9_000);
    const age = recency + Math.floor(random() * 9_000);
    const mean = 10 ** (random() * 7 - 3);
    for (const [what, value, most] of saidOf(parameters as Four, { x, recency, age, mean }))
      if (!(value >= (most === null ? -Number.MAX_VALUE : 0) && value <= (most ?? Number.MAX_VALUE)))
        faults.push(`${what} is ${value} of ${JSON.stringify({ parameters, x, recency, age, mean })}`);
  }
  expect(faults).toEqual([]);
});

type Four = [number, number, number, number];
/** What, its value, and the most it may be where it may not be below 0. */
type Said = readonly [string, number, number | null];

interface Customer {
  readonly x: number;
  /** Days. */
  readonly recency: number;
  readonly age: number;
  readonly mean: number;
}

/** Sums of chances may exceed 1 by what rounding is. */
const ONE = 1 + 1e-9;

function saidOf([r, alpha, a, b]: Four, { x, recency, age, mean }: Customer): Said[] {
  const cells = cellsFrom([{ x, recency, age, weight: 1 }]);
  const of = { x, recency: recency / WEEKS, age: age / WEEKS };
  const bg = { r, alpha, a, b };
  const pareto = { r, alpha, s: a, beta: b };
  const outlook = (name: string, { active, expected }: RepeatOutlook): Said[] => [
    [`${name} active`, active(of, 52), ONE],
    [`${name} expected`, expected(of, 52), Number.MAX_VALUE],
  ];
  return [
    ...(['bg-nbd', 'mbg-nbd'] as const).flatMap((kind) => [
      ...likelihood(kind, bgLogLikelihood(kind, cells), [r, alpha, a, b]),
      [`${kind} alive`, bgAlive(kind, bg, of), ONE] as const,
      ...outlook(kind, bgOutlook(kind, bg)),
    ]),
    ...likelihood('pareto-nbd', paretoLogLikelihood(cells), [r, alpha, a, b]),
    ['pareto-nbd alive', paretoAlive(pareto, of), ONE],
    ...outlook('pareto-nbd', paretoOutlook(pareto)),
    // The mean of a p or q up to 1 is infinite; a customer who has bought has q + p·x of it
    ...(x === 0
      ? []
      : [
          ...likelihood('gamma-gamma', gammaGammaLogLikelihood({ x: [x], mean: [mean] }), [r, alpha, a]),
          ['spend', expectedSpend({ p: r, q: 1 + alpha, v: a }, x, mean), Number.MAX_VALUE] as const,
        ]),
  ];
}

function likelihood(name: string, of: LogLikelihood, parameters: readonly number[]): Said[] {
  const gradient = new Float64Array(parameters.length);
  const value = of(Float64Array.from(parameters), gradient);
  return [
    [`${name} likelihood`, value, null],
    ...[...gradient].map((slope, i): Said => [`${name} slope ${i}`, slope, null]),
  ];
}
