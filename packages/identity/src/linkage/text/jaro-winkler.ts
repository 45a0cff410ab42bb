const MAX = 64;
const takenA = new Uint8Array(MAX);
const takenB = new Uint8Array(MAX);

/**
 * Similarity of two short texts, 0 to 1: Jaro (1989) with the bonus of Winkler (1990) for a common prefix of up to four
 * letters (scale 0.1). Beyond 64 letters only the first 64 are looked at.
 */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const [n, m] = [Math.min(a.length, MAX), Math.min(b.length, MAX)];
  if (n === 0 || m === 0) return 0;
  const common = match(a, n, b, m);
  if (common === 0) return 0;
  const half = transpositions(a, n, b) / 2;
  const jaro = (common / n + common / m + (common - half) / common) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < n && prefix < m && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}

function match(a: string, n: number, b: string, m: number): number {
  const reach = Math.max(0, (Math.max(n, m) >> 1) - 1);
  takenA.fill(0, 0, n);
  takenB.fill(0, 0, m);
  let common = 0;
  for (let i = 0; i < n; i += 1) {
    const letter = a.charCodeAt(i);
    const end = Math.min(m, i + reach + 1);
    for (let j = Math.max(0, i - reach); j < end; j += 1) {
      if (takenB[j] !== 0 || b.charCodeAt(j) !== letter) continue;
      takenA[i] = 1;
      takenB[j] = 1;
      common += 1;
      break;
    }
  }
  return common;
}

function transpositions(a: string, n: number, b: string): number {
  let count = 0;
  let j = 0;
  for (let i = 0; i < n; i += 1) {
    if (takenA[i] === 0) continue;
    while (takenB[j] === 0) j += 1;
    if (a.charCodeAt(i) !== b.charCodeAt(j)) count += 1;
    j += 1;
  }
  return count;
}
