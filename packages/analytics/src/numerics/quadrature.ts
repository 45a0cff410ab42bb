/** ∫ f ≈ Σ weights[i] · f(nodes[i]). */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss–Legendre on [0, 1]: exact for polynomials up to degree 2n − 1; the weights sum to 1. */
export const gaussLegendre = (count: number): Quadrature => gaussBeta(count, 1, 1);

/**
 * Gauss–Jacobi for the mean of f(p) under p ~ Beta(a, b): the weights sum to 1. Nodes are the eigenvalues of the
 * recurrence's matrix, weights the squares of its eigenvectors' first entries (Golub & Welsch 1969, Math. Comp. 23).
 * @param a > 0
 * @param b > 0
 */
export function gaussBeta(count: number, a: number, b: number): Quadrature {
  const [alpha, beta] = [b - 1, a - 1];
  const sum = alpha + beta;
  const diagonal = new Float64Array(count);
  const beside = new Float64Array(count);
  diagonal[0] = (beta - alpha) / (sum + 2);
  for (let k = 1; k < count; k += 1) {
    const step = 2 * k + sum;
    diagonal[k] = ((beta - alpha) * sum) / (step * (step + 2));
    // For k = 1 the factors k + α + β and 2k + α + β − 1 are one and cancel, also where they are 0
    const ratio = k === 1 ? 1 : (k + sum) / (step - 1);
    beside[k - 1] = Math.sqrt((4 * k * (k + alpha) * (k + beta) * ratio) / (step * step * (step + 1)));
  }
  const first = eigenpairs(diagonal, beside);
  return {
    nodes: diagonal.map((node) => Math.min(1, Math.max(0, (1 + node) / 2))),
    weights: first.map((entry) => entry * entry),
  };
}

/**
 * Eigenvalues of a symmetric tridiagonal matrix, in place of its diagonal, by implicit QL steps with Wilkinson's shift.
 * @returns the first entry of each eigenvector
 */
function eigenpairs(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const first = new Float64Array(diagonal.length);
  first[0] = 1;
  for (let low = 0; low < diagonal.length; low += 1) {
    for (let end = splitAfter(diagonal, beside, low); end !== low; end = splitAfter(diagonal, beside, low))
      qlStep(diagonal, beside, first, low, end);
  }
  return first;
}

/** The last row of the block that begins at `low`: where the entry beside the diagonal is nothing. */
function splitAfter(diagonal: Float64Array, beside: Float64Array, low: number): number {
  let end = low;
  while (end < diagonal.length - 1) {
    const size = Math.abs(diagonal[end]!) + Math.abs(diagonal[end + 1]!);
    if (Math.abs(beside[end]!) <= Number.EPSILON * size || beside[end] === 0) break;
    end += 1;
  }
  return end;
}

function qlStep(diagonal: Float64Array, beside: Float64Array, first: Float64Array, low: number, end: number): void {
  const half = (diagonal[low + 1]! - diagonal[low]!) / (2 * beside[low]!);
  const shift = half + Math.sign(half || 1) * Math.hypot(half, 1);
  let g = diagonal[end]! - diagonal[low]! + beside[low]! / shift;
  let [sine, cosine, p] = [1, 1, 0];
  for (let i = end - 1; i >= low; i -= 1) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const r = Math.hypot(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1]! -= p;
      beside[end] = 0;
      return;
    }
    [sine, cosine] = [f / r, g / r];
    g = diagonal[i + 1]! - p;
    const turned = (diagonal[i]! - g) * sine + 2 * cosine * b;
    p = sine * turned;
    diagonal[i + 1] = g + p;
    g = cosine * turned - b;
    const upper = first[i + 1]!;
    first[i + 1] = sine * first[i]! + cosine * upper;
    first[i] = cosine * first[i]! - sine * upper;
  }
  diagonal[low]! -= p;
  beside[low] = g;
  beside[end] = 0;
}
