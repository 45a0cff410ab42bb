/** A seeded source of chance: one seed, one sequence, on every machine. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** Whole number, both ends included. */
  int(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Exponentially distributed with this mean. */
  exponential(mean: number): number;
  /** Log-normally distributed around the median; `spread` is the standard deviation of the logarithm. */
  logNormal(median: number, spread: number): number;
}

/** The generator sfc32 (Chris Doty-Humphrey): 128 bits of state, passes PractRand, three additions a number. */
export function createRandom(seed: number, stream = 0): Random {
  let a = 0x9e3779b9 ^ Math.trunc(seed / 0x1_0000_0000);
  let b = seed | 0;
  let c = stream | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 16; round++) next(); // seeds that differ in one bit must not begin alike
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
    exponential: (mean) => -mean * Math.log(1 - next()),
    logNormal: (median, spread) =>
      median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
  };
}

/** Text that looks like a version 4 UUID, made of seeded chance. */
export function uuidOf(random: Random): string {
  const hex = (): string =>
    Math.floor(random.next() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  const [one, two, three, four] = [hex(), hex(), hex(), hex()];
  return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-a${three.slice(1, 4)}-${three.slice(4)}${four}`;
}
