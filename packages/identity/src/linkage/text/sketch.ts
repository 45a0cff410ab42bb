/** What two short texts cannot hide: by few numbers it is told that they are unlike, without looking at a letter. */

/** @returns one bit for each letter or digit that the text holds; some share a bit */
export function lettersOf(text: string): number {
  let letters = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    letters |= 1 << (code >= 48 && code < 58 ? 27 + (code % 5) : code & 31);
  }
  return letters;
}

/** Texts longer than this are looked at in full: the distances count only so many letters. */
export const SKETCHED = 60;

function count(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** @returns no more edits than lie between texts with these letters: each mends one letter that the other has not */
export function leastEdits(a: number, b: number): number {
  return Math.max(count(a & ~b), count(b & ~a));
}

/** @returns no less than the Jaro–Winkler similarity of texts with these letters and lengths */
export function mostSimilarity(a: number, n: number, b: number, m: number, sameFirst: boolean): number {
  const common = Math.min(n - count(a & ~b), m - count(b & ~a));
  if (common <= 0) return 0;
  const jaro = Math.min(1, (common / n + common / m + 1) / 3);
  return sameFirst ? jaro + 0.4 * (1 - jaro) : jaro;
}

/**
 * Write how often a text holds each letter, up to 15 times: four bits for each of 16 kinds of letters, in the two
 * numbers of `tallies` from `at` on.
 */
export function tallyLetters(text: string, tallies: Int32Array, at: number): void {
  for (let i = 0; i < text.length; i += 1) {
    const kind = text.charCodeAt(i) & 15;
    const [half, shift] = [at + (kind >> 3), (kind & 7) * 4];
    if (((tallies[half]! >>> shift) & 15) < 15) tallies[half]! += 1 << shift;
  }
}

/** @returns no more edits than lie between texts with the tallies at `a` and `b`; nearer than `leastEdits`, for longer texts */
export function leastEditsOf(tallies: Int32Array, a: number, b: number): number {
  const [x, x2, y, y2] = [tallies[a]!, tallies[a + 1]!, tallies[b]!, tallies[b + 1]!];
  return Math.max(surplus(x, y) + surplus(x2, y2), surplus(y, x) + surplus(y2, x2));
}

/** Sum of what is more in `a` than in `b`, over eight counts of four bits. */
function surplus(a: number, b: number): number {
  return (
    surplusOfBytes(a & 0x0f0f0f0f, b & 0x0f0f0f0f) + surplusOfBytes((a >>> 4) & 0x0f0f0f0f, (b >>> 4) & 0x0f0f0f0f)
  );
}

function surplusOfBytes(a: number, b: number): number {
  // Each byte is 128 plus the difference: none borrows from the next
  const shifted = ((a | 0x80808080) - b) | 0;
  const isMore = (shifted >>> 7) & 0x01010101;
  return Math.imul(shifted & Math.imul(isMore, 0x7f), 0x01010101) >>> 24;
}
