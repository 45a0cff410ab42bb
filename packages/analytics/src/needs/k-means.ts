/** Groups of points: each belongs to the nearest centre. */
export interface Clusters {
  /** k rows of as many columns as points have. */
  readonly centres: Float64Array;
  /** Of each point. */
  readonly labels: Int32Array;
  /** Sum of the squared distances to the own centre. */
  readonly within: number;
}

const MOST_ROUNDS = 60;

/**
 * k-means by Lloyd's rounds (1982, IEEE Trans. Inf. Theory 28) from centres that are drawn apart (k-means++, Arthur & Vassilvitskii 2007),
 * the best of several starts.
 * @param points rows of `width` columns
 */
export function kMeans(points: Float64Array, width: number, k: number, starts: number, chance: () => number): Clusters {
  let best: Clusters | null = null;
  for (let start = 0; start < starts; start += 1) {
    const found = rounds(points, width, drawCentres(points, width, k, chance));
    if (best === null || found.within < best.within) best = found;
  }
  return best!;
}

function rounds(points: Float64Array, width: number, from: Float64Array): Clusters {
  let centres = from;
  let { labels, within } = assign(points, width, centres);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    centres = meansOf(points, width, labels, centres);
    const next = assign(points, width, centres);
    const isDone = next.within >= within * (1 - 1e-9);
    ({ labels, within } = next);
    if (isDone) break;
  }
  return { centres, labels, within };
}

/** Each point to its nearest centre, the first of equal ones. */
export function assign(points: Float64Array, width: number, centres: Float64Array): Omit<Clusters, 'centres'> {
  const labels = new Int32Array(points.length / width);
  let within = 0;
  for (let i = 0; i < labels.length; i += 1) {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c * width < centres.length; c += 1) {
      const distance = squareBetween(points, i * width, centres, c * width, width);
      if (distance < least) [nearest, least] = [c, distance];
    }
    labels[i] = nearest;
    within += least;
  }
  return { labels, within };
}

export function squareBetween(a: Float64Array, i: number, b: Float64Array, j: number, width: number): number {
  let sum = 0;
  for (let d = 0; d < width; d += 1) sum += (a[i + d]! - b[j + d]!) ** 2;
  return sum;
}

/** A centre that nobody is near stays where it was. */
function meansOf(points: Float64Array, width: number, labels: Int32Array, before: Float64Array): Float64Array {
  const [means, sizes] = [new Float64Array(before.length), new Float64Array(before.length / width)];
  for (const [i, label] of labels.entries()) {
    sizes[label]! += 1;
    for (let d = 0; d < width; d += 1) means[label * width + d]! += points[i * width + d]!;
  }
  return means.map((sum, cell) => {
    const size = sizes[Math.floor(cell / width)]!;
    return size === 0 ? before[cell]! : sum / size;
  });
}

function drawCentres(points: Float64Array, width: number, k: number, chance: () => number): Float64Array {
  const rows = points.length / width;
  const centres = new Float64Array(k * width);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let drawn = Math.floor(chance() * rows);
  for (let c = 0; c < k; c += 1) {
    centres.set(points.subarray(drawn * width, (drawn + 1) * width), c * width);
    let sum = 0;
    for (let i = 0; i < rows; i += 1) {
      nearest[i] = Math.min(nearest[i]!, squareBetween(points, i * width, centres, c * width, width));
      sum += nearest[i]!;
    }
    let rest = chance() * sum;
    for (drawn = 0; drawn < rows - 1 && rest >= nearest[drawn]!; drawn += 1) rest -= nearest[drawn]!;
  }
  return centres;
}
