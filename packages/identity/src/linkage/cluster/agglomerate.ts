import { int32 } from '../memory.ts';

/** Scored pairs, by first record ascending, then by second. */
export interface ScoredPairs {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Log2 odds that the two are one person. */
  readonly scores: Float32Array;
}

export interface AgglomerateOptions {
  /** Least score of a link. */
  readonly threshold: number;
  /** What is taken off each score before the mean is. */
  readonly shift: number;
  /** Score of a pair that no key found. */
  readonly score: (a: number, b: number) => number;
  /** Whether a pair may be a link at all; asked in the order of the ranks. */
  readonly mayLink: (pair: number) => boolean;
}

/** A pair that is very sure, or very sure not, counts no more than this in a mean. */
export const CAP = 12;
/** The score of two who are in no cluster together, whatever the others of it say. */
export const BARRED = Number.NEGATIVE_INFINITY;
/** Members of a cluster that are compared with those of another, the first of each. */
const LOOKED_AT = 40;

/**
 * Canonical agglomeration (identity.md): links in falling order of score, each accepted where the mean over all pairs
 * between the two clusters speaks for one person too.
 * @returns cluster by record, numbered by its first record
 */
export function agglomerate(records: number, pairs: ScoredPairs, options: AgglomerateOptions): Int32Array<ArrayBuffer> {
  const { a, b, scores } = pairs;
  const root = Int32Array.from({ length: records }, (_, i) => i);
  const members = new Map<number, number[]>();
  const starts = startsOf(records, a);
  const scoreOf = (x: number, y: number): number => {
    const [low, high] = x < y ? [x, y] : [y, x];
    const at = find(b, high, starts[low]!, starts[low + 1]!);
    return (at < 0 ? options.score(low, high) : scores[at]!) - options.shift;
  };
  const membersOf = (record: number): number[] => members.get(root[record]!) ?? [record];
  for (const pair of rank(pairs, options.threshold)) {
    const [x, y] = [a[pair]!, b[pair]!];
    if (root[x] === root[y] || !options.mayLink(pair)) continue;
    const [left, right] = [membersOf(x), membersOf(y)];
    if (left.length * right.length > 1 && !belongTogether(left, right, scoreOf)) continue;
    const all = [...left, ...right];
    const first = Math.min(root[x]!, root[y]!);
    members.delete(Math.max(root[x]!, root[y]!));
    for (const member of all) root[member] = first;
    members.set(first, all);
  }
  return root;
}

function belongTogether(
  left: readonly number[],
  right: readonly number[],
  scoreOf: (x: number, y: number) => number,
): boolean {
  let sum = 0;
  for (const x of left.slice(0, LOOKED_AT))
    for (const y of right.slice(0, LOOKED_AT)) {
      const score = scoreOf(x, y);
      if (score === BARRED) return false;
      sum += Math.max(-CAP, Math.min(CAP, score));
    }
  return sum >= 0;
}

/** Pairs from the threshold up, the best first; ties by their records. */
function rank({ scores }: ScoredPairs, threshold: number): Int32Array {
  let count = 0;
  for (let i = 0; i < scores.length; i += 1) if (scores[i]! >= threshold) count += 1;
  const ranked = int32(count);
  count = 0;
  for (let i = 0; i < scores.length; i += 1) if (scores[i]! >= threshold) ranked[count++] = i;
  return ranked.sort((x, y) => scores[y]! - scores[x]! || x - y);
}

function startsOf(records: number, a: Int32Array): Int32Array {
  const starts = int32(records + 1);
  for (const record of a) starts[record + 1]! += 1;
  for (let i = 0; i < records; i += 1) starts[i + 1]! += starts[i]!;
  return starts;
}

/** @returns position of `wanted` in the ascending part [from, to), -1: not there */
function find(values: Int32Array, wanted: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < to && values[low] === wanted ? low : -1;
}
