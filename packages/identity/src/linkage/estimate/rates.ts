import { groupByHash } from '../block/group.ts';
import type { Feature } from '../compare/features.ts';
import type { EncodedSource } from '../encode.ts';

/** How common the values of one key are: the chance that somebody else has the same. */
export interface Rates {
  readonly source: number;
  readonly key: number;
  /** Of values that hardly anybody shares. */
  readonly rest: number;
  /** Hash of a value → its rate, the common ones only. No value itself: the model holds nobody's data. */
  readonly common: ReadonlyMap<number, number>;
}

/** Values with a rate of their own, by key. */
const COMMON = 4_096;

/**
 * Frequencies of the keys that levels ask for, counted over people as far as they are known, not over records.
 * @param people cluster by record
 */
export function ratesOf(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  people: Int32Array,
): readonly Rates[] {
  const wanted = new Map<string, { source: number; key: number }>();
  for (const { comparator, source } of features)
    for (const { key } of comparator.levels) if (key >= 0) wanted.set(`${source}/${key}`, { source, key });
  return [...wanted.values()].map(({ source, key }) => {
    const { codes, keys } = sources[source]!;
    const hashes = codes.map((code) => (code < 0 ? 0 : keys[key]![code]!));
    return { source, key, ...tally(hashes, people) };
  });
}

function tally(hashes: Int32Array, people: Int32Array): { rest: number; common: ReadonlyMap<number, number> } {
  const { members, to } = groupByHash(hashes);
  const counts: { hash: number; count: number }[] = [];
  /** By person: the end of the last block in which it was counted. */
  const seenIn = new Int32Array(people.length);
  let [total, ones, twos] = [0, 0, 0];
  for (let begin = 0; begin < members.length; ) {
    const end = to[members[begin]!]!;
    let count = 0;
    for (let i = begin; i < end; i += 1) {
      const person = people[members[i]!]!;
      if (seenIn[person] === end) continue;
      seenIn[person] = end;
      count += 1;
    }
    total += count;
    if (count === 1) ones += 1;
    else {
      if (count === 2) twos += 1;
      counts.push({ hash: hashes[members[begin]!]!, count });
    }
    begin = end;
  }
  // How many others have a value that was seen with one person: the estimate of Good (1953) after Turing
  const unseen = Math.min(1, Math.max(0.02, (2 * twos) / Math.max(1, ones)));
  counts.sort((x, y) => y.count - x.count || x.hash - y.hash);
  const common = new Map(
    counts.slice(0, COMMON).map(({ hash, count }) => [hash, (count - 1 + unseen) / Math.max(2, total)]),
  );
  const left = counts.slice(COMMON).reduce((sum, { count }) => sum + count * (count - 1), 0);
  const many = counts.slice(COMMON).reduce((sum, { count }) => sum + count, 0) + ones;
  return { rest: (unseen + left / Math.max(1, many)) / Math.max(2, total), common };
}
