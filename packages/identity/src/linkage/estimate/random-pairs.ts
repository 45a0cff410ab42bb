import { int32 } from '../memory.ts';
import { createChance } from '../random.ts';

/** Pairs of different records, drawn evenly; all of them where there are no more than asked for. */
export function randomPairs(records: number, most: number, seed: number): { a: Int32Array; b: Int32Array } {
  const all = (records * (records - 1)) / 2;
  if (all <= most) return everyPair(records, all);
  const chance = createChance(seed);
  const [a, b] = [int32(most), int32(most)];
  for (let i = 0; i < most; ) {
    const [x, y] = [Math.floor(chance() * records), Math.floor(chance() * records)];
    if (x === y) continue;
    a[i] = Math.min(x, y);
    b[i] = Math.max(x, y);
    i += 1;
  }
  return { a, b };
}

function everyPair(records: number, all: number): { a: Int32Array; b: Int32Array } {
  const [a, b] = [int32(all), int32(all)];
  let at = 0;
  for (let i = 0; i < records; i += 1)
    for (let j = i + 1; j < records; j += 1) {
      a[at] = i;
      b[at++] = j;
    }
  return { a, b };
}
