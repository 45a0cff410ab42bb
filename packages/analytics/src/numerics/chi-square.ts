import { logGamma } from './gamma.ts';

const [HALF, TINY, CLOSE] = [0.5, 1e-300, 1e-16];

/**
 * Chance of a value of at least `x` where nothing is but chance, χ² of one degree of freedom: Q(1/2, x/2), by its series below
 * x/2 = 1.5 and by Lentz's continued fraction above (Press et al., Numerical Recipes, 6.2). Below 1e-308 it is 0.
 */
export function chiSquareTail(x: number): number {
  if (!(x > 0)) return 1;
  const z = x / 2;
  const front = Math.exp(HALF * Math.log(z) - z - logGamma(HALF));
  return z < HALF + 1 ? 1 - front * seriesOf(z) : front * fractionOf(z);
}

function seriesOf(z: number): number {
  let [term, sum] = [1 / HALF, 1 / HALF];
  for (let n = 1; term > sum * CLOSE; n += 1) {
    term *= z / (HALF + n);
    sum += term;
  }
  return sum;
}

function fractionOf(z: number): number {
  let b = z + 1 - HALF;
  let [c, d] = [1 / TINY, 1 / b];
  let h = d;
  for (let n = 1; n < 200; n += 1) {
    const a = -n * (n - HALF);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < CLOSE * 8) break;
  }
  return h;
}
