const MAX = 96;
let before = new Uint8Array(MAX + 1);
let above = new Uint8Array(MAX + 1);
let row = new Uint8Array(MAX + 1);

/**
 * Edits between two texts: insert, delete, replace a letter, swap two neighbours (optimal string alignment, after
 * Damerau 1964 and Levenshtein 1966).
 * @param most where there are more, `most + 1` is the answer, found early
 */
export function edits(a: string, b: string, most: number): number {
  if (a === b) return 0;
  const [n, m] = [Math.min(a.length, MAX), Math.min(b.length, MAX)];
  if (Math.abs(n - m) > most) return most + 1;
  for (let j = 0; j <= m; j += 1) above[j] = j;
  for (let i = 1; i <= n; i += 1) {
    if (nextRow(a, b, i, m) > most) return most + 1;
    [before, above, row] = [above, row, before];
  }
  return Math.min(above[m]!, most + 1);
}

/** @returns the least of the row: no later row holds less */
function nextRow(a: string, b: string, i: number, m: number): number {
  const letter = a.charCodeAt(i - 1);
  const last = i > 1 ? a.charCodeAt(i - 2) : -1;
  row[0] = i;
  let least = i;
  for (let j = 1; j <= m; j += 1) {
    const other = b.charCodeAt(j - 1);
    let cost = above[j - 1]! + (letter === other ? 0 : 1);
    if (above[j]! + 1 < cost) cost = above[j]! + 1;
    if (row[j - 1]! + 1 < cost) cost = row[j - 1]! + 1;
    if (j > 1 && other === last && b.charCodeAt(j - 2) === letter && before[j - 2]! + 1 < cost) cost = before[j - 2]! + 1;
    row[j] = cost;
    if (cost < least) least = cost;
  }
  return least;
}
