import type { BgBbParameters, Occasions } from '../models/bg-bb.ts';
import type { BgKind, BgParameters } from '../models/bg-nbd.ts';
import type { GammaGammaParameters } from '../models/gamma-gamma.ts';
import type { ParetoParameters } from '../models/pareto-nbd.ts';
import { createChance } from '../numerics/chance.ts';
import type { Histories } from '../purchases/cells.ts';

export { createChance };

const exponential = (chance: () => number, rate: number): number => -Math.log1p(-chance()) / rate;

function normal(chance: () => number): number {
  return Math.sqrt(-2 * Math.log1p(-chance())) * Math.cos(2 * Math.PI * chance());
}

/** Gamma(shape, rate): Marsaglia & Tsang 2000, ACM TOMS 26(3). */
function gamma(chance: () => number, shape: number, rate: number): number {
  if (shape < 1) return gamma(chance, shape + 1, rate) * (1 - chance()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal(chance);
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log1p(-chance()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return (d * v) / rate;
  }
}

function beta(chance: () => number, a: number, b: number): number {
  const one = gamma(chance, a, 1);
  return one / (one + gamma(chance, b, 1));
}

/** Customers who began within the first 84 days, watched to day `days`, as a model tells their story; `later` is what they bought in as long again. */
export interface Simulated extends Histories {
  readonly later: Int32Array;
}

/** When somebody leaves: asked after each purchase, the first one being number 0. @returns the last moment, in weeks from now */
type Leaving = (purchase: number) => number;

export function simulateBg(
  kind: BgKind,
  { r, alpha, a, b }: BgParameters,
  customers: number,
  seed: number,
  days = 273,
): Simulated {
  const chance = createChance(seed);
  return simulate(chance, customers, days, () => {
    const rate = gamma(chance, r, alpha);
    const p = beta(chance, a, b);
    const leaves: Leaving = (purchase) =>
      (purchase > 0 || kind === 'mbg-nbd') && chance() < p ? 0 : Number.POSITIVE_INFINITY;
    return { rate, leaves };
  });
}

export function simulatePareto(
  { r, alpha, s, beta: scale }: ParetoParameters,
  customers: number,
  seed: number,
  days = 273,
): Simulated {
  const chance = createChance(seed);
  return simulate(chance, customers, days, () => {
    const rate = gamma(chance, r, alpha);
    const life = exponential(chance, gamma(chance, s, scale));
    return { rate, leaves: (purchase) => (purchase === 0 ? life : Number.POSITIVE_INFINITY) };
  });
}

function simulate(
  chance: () => number,
  customers: number,
  days: number,
  person: () => { rate: number; leaves: Leaving },
): Simulated {
  const column = (): Int32Array => new Int32Array(customers);
  const [x, recency, age, later] = [column(), column(), column(), column()];
  for (let i = 0; i < customers; i += 1) {
    const { rate, leaves } = person();
    age[i] = days - Math.floor(chance() * 84);
    let [now, last, end] = [0, 0, leaves(0)];
    for (let purchase = 1; ; purchase += 1) {
      now += exponential(chance, rate);
      const day = Math.ceil(now * 7);
      if (now > end || day > age[i]! + days) break;
      if (day > last) {
        if (day > age[i]!) later[i]! += 1;
        else [x[i], recency[i]] = [x[i]! + 1, day];
        last = day;
      }
      end = Math.min(end, now + leaves(purchase));
    }
  }
  return { x, recency, age, later };
}

/** What customers spent: the mean of their `x` purchases, and the sum of those that came `later`. */
export function simulateSpend(
  { p, q, v }: GammaGammaParameters,
  x: ArrayLike<number>,
  seed: number,
  later: ArrayLike<number> = [],
): { mean: Float64Array; laterSum: Float64Array } {
  const chance = createChance(seed);
  const [mean, laterSum] = [new Float64Array(x.length), new Float64Array(x.length)];
  for (let i = 0; i < x.length; i += 1) {
    const scale = gamma(chance, q, v);
    if (x[i]! > 0) mean[i] = gamma(chance, p * x[i]!, x[i]! * scale);
    if ((later[i] ?? 0) > 0) laterSum[i] = gamma(chance, p * later[i]!, scale);
  }
  return { mean, laterSum };
}

/** Donors of the first of `years` occasions: which of those after it they took. */
export function simulateOccasions(
  { alpha, beta: a, gamma: c, delta }: BgBbParameters,
  people: number,
  years: number,
  seed: number,
): { readonly records: readonly Occasions[]; readonly taken: readonly (readonly number[])[] } {
  const chance = createChance(seed);
  const taken = Array.from({ length: people }, () => {
    const [buys, leaves] = [beta(chance, alpha, a), beta(chance, c, delta)];
    const own: number[] = [];
    for (let year = 1; year < years && chance() >= leaves; year += 1) if (chance() < buys) own.push(year);
    return own;
  });
  const records = taken.map((own) => ({ x: own.length, recency: own.at(-1) ?? 0, periods: years - 1, weight: 1 }));
  return { records, taken };
}
