import { combineKeys } from '../block/keys.ts';
import { bandOf, probabilityOf } from '../decide/bands.ts';
import { weigh } from '../frame.ts';
import type { Linkage } from '../link.ts';
import type { ScoredPair } from '../score.ts';

/** Two rows that may be one person. */
export interface LikelyPair {
  readonly a: number;
  readonly b: number;
  /** As the two records stand under the model; shared by all rows that say the same. */
  readonly scored: ScoredPair;
  /** Whether all that is known of either, in one cluster, allows it too. */
  readonly together: boolean;
}

/** Rows of equal content that are paired with those of another content, each with each; beyond that the first ones only. */
const MOST_EQUAL_ROWS = 8;

/** Pairs of rows from even odds on, rows of equal content among them. Each once, `a` < `b`; ends whenever the caller does. */
export function* likelyPairs(linkage: Linkage): Generator<LikelyPair> {
  const { rows, candidates, scores, frame } = linkage;
  const rowsOf = rowsByRecord(linkage);
  const weighed = (x: number, y: number): ScoredPair => {
    const pair = weigh(frame, x, y);
    return { ...pair, probability: probabilityOf(pair.score), band: bandOf(pair) };
  };
  for (let record = 0; record < rows.length; record += 1) {
    const equal = rowsOf(record);
    if (equal.length < 2) continue;
    const scored = weighed(record, record);
    if (scored.score >= 0) yield* combine(linkage, scored, equal, equal);
  }
  for (let pair = 0; pair < candidates.size; pair += 1) {
    if (scores[pair]! < 0) continue;
    const [x, y] = [candidates.a[pair]!, candidates.b[pair]!];
    yield* combine(linkage, weighed(x, y), rowsOf(x), rowsOf(y));
  }
}

function* combine(
  { clusters }: Linkage,
  scored: ScoredPair,
  left: readonly number[],
  right: readonly number[],
): Generator<LikelyPair> {
  for (const a of left)
    for (const b of right) {
      if (left === right ? a >= b : a === b) continue;
      yield { a: Math.min(a, b), b: Math.max(a, b), scored, together: clusters[a] === clusters[b] };
    }
}

/** Rows of a record, the first {@link MOST_EQUAL_ROWS}, ascending. */
function rowsByRecord({ rows, recordOf }: Linkage): (record: number) => readonly number[] {
  const more = new Map<number, number[]>();
  recordOf.forEach((record, row) => {
    if (rows[record] === row) return;
    const list = more.get(record);
    if (list === undefined) more.set(record, [row]);
    else if (list.length < MOST_EQUAL_ROWS - 1) list.push(row);
  });
  return (record) => [rows[record]!, ...(more.get(record) ?? [])].sort((a, b) => a - b);
}

/** Keys of each row as `candidateKeys` gives them for a record alone, all at once. */
export function createKeysOf({ model, frame, recordOf, rows }: Linkage): (row: number) => readonly string[] {
  const hashes = model.blocking.map((parts) => {
    const ofRecord = new Int32Array(rows.length);
    combineKeys(parts, frame.sources, ofRecord);
    return ofRecord;
  });
  return (row) => {
    const record = recordOf[row]!;
    return hashes.flatMap((ofRecord, index) => {
      const hash = ofRecord[record]!;
      return hash === 0 ? [] : [keyOf(index, hash)];
    });
  };
}

/** Name of a block: which key, and the hash of what the records have in common. */
export function keyOf(index: number, hash: number): string {
  return `${index}:${(hash >>> 0).toString(36)}`;
}
