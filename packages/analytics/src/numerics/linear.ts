/** A square matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/**
 * Inverse by Gauss–Jordan elimination with row exchange.
 * @returns null where it has none, as far as doubles tell
 */
export function inverseOf(matrix: Matrix): number[][] | null {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column += 1) {
    const pivot = largestBelow(rows, column);
    const size = rows[pivot]![column]!;
    if (!(Math.abs(size) > 0) || !Number.isFinite(size)) return null;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const lead = rows[column]!.map((cell) => cell / size);
    rows[column] = lead;
    for (const [i, row] of rows.entries()) {
      const factor = row[column]!;
      if (i !== column && factor !== 0) rows[i] = row.map((cell, j) => cell - factor * lead[j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}

function largestBelow(rows: readonly number[][], column: number): number {
  let best = column;
  for (let i = column + 1; i < rows.length; i += 1)
    if (Math.abs(rows[i]![column]!) > Math.abs(rows[best]![column]!)) best = i;
  return best;
}

/** Eigenvalues of a symmetric matrix, ascending, by Jacobi's rotations. */
export function eigenvaluesOf(symmetric: Matrix): number[] {
  const rows = symmetric.map((row) => [...row]);
  const n = rows.length;
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let left = 0;
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) left += rotate(rows, p, q);
    if (left === 0) break;
  }
  return rows.map((row, i) => row[i]!).sort((one, other) => one - other);
}

/** Make rows[p][q] nothing. @returns 1 where it was something */
function rotate(rows: number[][], p: number, q: number): number {
  const [beside, first, second] = [rows[p]![q]!, rows[p]![p]!, rows[q]![q]!];
  if (Math.abs(beside) <= Number.EPSILON * Math.sqrt(Math.abs(first * second)) || beside === 0) return 0;
  const theta = (second - first) / (2 * beside);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of rows) {
    const [a, b] = [row[p]!, row[q]!];
    row[p] = cosine * a - sine * b;
    row[q] = sine * a + cosine * b;
  }
  const [above, below] = [rows[p]!, rows[q]!];
  rows[p] = above.map((a, j) => cosine * a - sine * below[j]!);
  rows[q] = above.map((a, j) => sine * a + cosine * below[j]!);
  return 1;
}
