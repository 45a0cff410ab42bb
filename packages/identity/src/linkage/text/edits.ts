const MAX = 96;
/** Letters of the shorter text that fit into the bits of one number. */
const WORD = 31;
/** By letter: at which places of the pattern it stands; all 0 between calls. */
const places = new Int32Array(65_536);
let before = new Uint8Array(MAX + 2);
let above = new Uint8Array(MAX + 2);
let row = new Uint8Array(MAX + 2);

/**
 * Edits between two texts: insert, delete, replace a letter, swap two neighbours (optimal string alignment, after
 * Damerau 1964 and Levenshtein 1966), within the band of Ukkonen (1985). Only the first 96 letters count.
 * @param most where there are more, `most + 1` is the answer, found early
 */
export function edits(a: string, b: string, most: number): number {
  if (a === b) return 0;
  const [n, m] = [Math.min(a.length, MAX), Math.min(b.length, MAX)];
  const over = most + 1;
  if (n - m > most || m - n > most) return over;
  if (n <= WORD || m <= WORD) return n <= m ? editsByBits(a, n, b, m, most) : editsByBits(b, m, a, n, most);
  for (let j = 0; j <= m; j += 1) above[j] = j;
  for (let i = 1; i <= n; i += 1) {
    if (nextRow(a, b, i, m, most) > most) return over;
    const oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return Math.min(above[m]!, over);
}

/**
 * The same by 32 cells of a column at a time: the bit vectors of Hyyrö (2003), "A bit-vector algorithm for computing
 * Levenshtein and Damerau edit distances", after Myers (1999). The vectors say where neighbours differ by 1 or −1.
 * @param n letters of the pattern `a` that count, at most 31
 */
function editsByBits(a: string, n: number, b: string, m: number, most: number): number {
  if (n === 0) return m > most ? most + 1 : m;
  for (let i = 0; i < n; i += 1) places[a.charCodeAt(i)]! |= 1 << i;
  const last = 1 << (n - 1);
  let [plus, minus, diagonal, before, cost] = [-1, 0, 0, 0, n];
  for (let j = 0; j < m; j += 1) {
    const here = places[b.charCodeAt(j)]!;
    const swapped = ((~diagonal & here) << 1) & before;
    diagonal = ((((here & plus) + plus) | 0) ^ plus) | here | minus | swapped;
    const [up, down] = [minus | ~(diagonal | plus), diagonal & plus];
    if ((up & last) !== 0) cost += 1;
    else if ((down & last) !== 0) cost -= 1;
    // Each letter that is left can mend one edit at most
    if (cost - (m - 1 - j) > most) {
      cost = most + 1;
      break;
    }
    const shifted = (up << 1) | 1;
    plus = (down << 1) | ~(diagonal | shifted);
    minus = shifted & diagonal;
    before = here;
  }
  for (let i = 0; i < n; i += 1) places[a.charCodeAt(i)] = 0;
  return cost > most ? most + 1 : cost;
}

/** @returns the least of the row: no later row holds less */
function nextRow(a: string, b: string, i: number, m: number, most: number): number {
  const letter = a.charCodeAt(i - 1);
  const last = i > 1 ? a.charCodeAt(i - 2) : -1;
  const from = Math.max(1, i - most);
  const to = Math.min(m, i + most);
  row[from - 1] = from === 1 ? i : most + 1;
  let least = row[from - 1]!;
  for (let j = from; j <= to; j += 1) {
    const other = b.charCodeAt(j - 1);
    let cost = above[j - 1]! + (letter === other ? 0 : 1);
    if (above[j]! + 1 < cost) cost = above[j]! + 1;
    if (row[j - 1]! + 1 < cost) cost = row[j - 1]! + 1;
    if (j > 1 && other === last && b.charCodeAt(j - 2) === letter && before[j - 2]! + 1 < cost)
      cost = before[j - 2]! + 1;
    row[j] = cost;
    if (cost < least) least = cost;
  }
  // The next row looks one place beyond this one's band
  if (to < m) row[to + 1] = most + 1;
  return least;
}
