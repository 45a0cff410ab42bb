import { hash } from 'node:crypto';

/** Counts equal rows of a file. */
export interface Occurrences {
  /** @returns the how manieth of the equal rows this is, from 1, and the row's hash (SHA-256) */
  next(row: string): { readonly digest: Buffer; readonly count: number };
}

const START = 1 << 12;

/**
 * Memory: 12 to 24 bytes a distinct row. Rows are told apart by 64 bits; were two to collide, one would count as a
 * second occurrence.
 */
export function createOccurrences(): Occurrences {
  let slots = START;
  let high = new Uint32Array(slots);
  let low = new Uint32Array(slots);
  let counts = new Uint32Array(slots);
  let used = 0;

  const place = (h: number, l: number): number => {
    let slot = (l ^ (h >>> 7)) & (slots - 1);
    while (counts[slot] !== 0 && (high[slot] !== h || low[slot] !== l)) slot = (slot + 1) & (slots - 1);
    return slot;
  };
  const grow = (): void => {
    const old = { high, low, counts, slots };
    slots *= 2;
    [high, low, counts] = [new Uint32Array(slots), new Uint32Array(slots), new Uint32Array(slots)];
    for (let index = 0; index < old.slots; index++) {
      const count = old.counts[index] as number;
      if (count === 0) continue;
      const slot = place(old.high[index] as number, old.low[index] as number);
      [high[slot], low[slot], counts[slot]] = [old.high[index] as number, old.low[index] as number, count];
    }
  };
  return {
    next: (row) => {
      const digest = hash('sha256', row, 'buffer');
      const [h, l] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
      const slot = place(h, l);
      if (counts[slot] === 0) {
        high[slot] = h;
        low[slot] = l;
        used++;
      }
      const count = (counts[slot] as number) + 1;
      counts[slot] = count;
      if (used * 2 > slots) grow();
      return { digest, count };
    },
  };
}
