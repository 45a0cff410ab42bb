/** Odd numbers that spread keys (Knuth, The Art of Computer Programming 3, 6.4: the golden ratio; and one of MurmurHash3). */
const [GOLDEN, OTHER] = [0x9e3779b1, 0x85ebca6b];
const TWO_32 = 2 ** 32;
const FREE = -1;
const FEWEST = 2 ** 12;

/**
 * So many numbers for each of millions of keys, side by side: a Map of objects costs ten times the memory, and clearing up after it
 * most of the time. Full, it forgets all.
 */
export class Memory {
  /** What is known of the keys. It is another array once there are more. */
  values: Float64Array;
  readonly #width: number;
  readonly #most: number;
  #keys = new Float64Array(FEWEST).fill(FREE);
  #size = 0;

  /**
   * @param width numbers of a key
   * @param most keys that are remembered at once
   */
  constructor(width: number, most = 2 ** 21) {
    this.#width = width;
    this.#most = most;
    this.values = new Float64Array(FEWEST * width);
  }

  /**
   * @param key a safe integer ≥ 0
   * @returns where in {@link values} its numbers begin; −1 where nothing is known
   */
  find(key: number): number {
    const slot = this.#slotOf(key);
    return this.#keys[slot] === key ? slot * this.#width : -1;
  }

  /**
   * @param key one that is not known
   * @returns where its numbers begin, until others are added
   */
  add(key: number, numbers: ArrayLike<number>): number {
    if (this.#size >= this.#most) this.#empty(FEWEST);
    if (2 * this.#size >= this.#keys.length) this.#grow();
    const slot = this.#slotOf(key);
    this.#keys[slot] = key;
    this.#size += 1;
    this.values.set(numbers, slot * this.#width);
    return slot * this.#width;
  }

  /** Where it is, or where it would be. */
  #slotOf(key: number): number {
    const last = this.#keys.length - 1;
    const mixed = Math.imul((key >>> 0) ^ Math.imul(Math.floor(key / TWO_32), OTHER), GOLDEN);
    let slot = ((mixed >>> 15) ^ mixed) & last;
    while (this.#keys[slot] !== key && this.#keys[slot] !== FREE) slot = (slot + 1) & last;
    return slot;
  }

  #empty(slots: number): void {
    this.#keys = new Float64Array(slots).fill(FREE);
    this.values = new Float64Array(slots * this.#width);
    this.#size = 0;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.values];
    this.#empty(2 * keys.length);
    for (const [slot, key] of keys.entries()) {
      if (key === FREE) continue;
      const from = slot * this.#width;
      this.add(key, values.subarray(from, from + this.#width));
    }
  }
}
