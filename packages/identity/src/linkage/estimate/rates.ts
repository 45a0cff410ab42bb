import { endOfBlock, sortByHash } from '../block/group.ts';
import { SCOPES } from '../compare/comparator.ts';
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

/** The values of one key, numbered, so that they can be counted again and again. */
interface Counter {
  readonly source: number;
  readonly key: number;
  readonly codes: Int32Array;
  /** By value: number of its hash, from 1; 0: none. */
  readonly ids: Int32Array;
  /** By that number: the hash. */
  readonly hashes: readonly number[];
  /** People who may share a value before it counts as common. */
  readonly spare: number;
}

/**
 * An address for mail, a telephone, a home or a passport seen with two people is a household's, or theirs who are one and
 * not joined yet; chance has no part in it. In small files each such value would else seem common.
 */
const SPARE = 2;
const PRIVATE = new Set(['email', 'phone', 'address']);

/** Counters of the keys that levels ask for. */
export function countersOf(features: readonly Feature[], sources: readonly EncodedSource[]): readonly Counter[] {
  const wanted = new Map<string, Pick<Counter, 'source' | 'key' | 'spare'>>();
  for (const { comparator, source } of features) {
    const isPrivate = PRIVATE.has(comparator.group) || comparator.scope === SCOPES.identifier;
    for (const { key, agrees } of comparator.levels)
      if (key >= 0) wanted.set(`${source}/${key}`, { source, key, spare: isPrivate && agrees ? SPARE : 0 });
  }
  return [...wanted.values()].map((each) => {
    const { codes, keys } = sources[each.source]!;
    return { ...each, codes, ...numberHashes(keys[each.key]!) };
  });
}

function numberHashes(ofValue: Int32Array): { ids: Int32Array; hashes: readonly number[] } {
  const members = sortByHash(ofValue);
  const ids = new Int32Array(ofValue.length);
  const hashes = [0];
  for (let begin = 0; begin < members.length; ) {
    const end = endOfBlock(members, ofValue, begin);
    for (let i = begin; i < end; i += 1) ids[members[i]!] = hashes.length;
    hashes.push(ofValue[members[begin]!]!);
    begin = end;
  }
  return { ids, hashes };
}

/**
 * Frequencies counted over people as far as they are known, not over records.
 * @param people cluster by record, named by its first record
 */
export function ratesOf(counters: readonly Counter[], people: Int32Array): readonly Rates[] {
  const order = byPerson(people);
  return counters.map((counter) => ({
    ...{ source: counter.source, key: counter.key },
    ...ratesFrom(countPeople(counter, people, order), counter),
  }));
}

/** Records, those of one person together. */
function byPerson(people: Int32Array): Int32Array {
  const starts = new Int32Array(people.length + 1);
  for (const person of people) starts[person + 1]! += 1;
  for (let i = 0; i < people.length; i += 1) starts[i + 1]! += starts[i]!;
  const order = new Int32Array(people.length);
  for (let record = 0; record < people.length; record += 1) {
    const person = people[record]!;
    order[starts[person]!] = record;
    starts[person]! += 1;
  }
  return order;
}

/** @returns people by number of the hash */
function countPeople({ codes, ids, hashes }: Counter, people: Int32Array, order: Int32Array): Int32Array {
  const counts = new Int32Array(hashes.length);
  /** By number of the hash: the last person who was counted there, from 1. */
  const seen = new Int32Array(hashes.length);
  for (let i = 0; i < order.length; i += 1) {
    const record = order[i]!;
    const code = codes[record]!;
    if (code < 0) continue;
    const id = ids[code]!;
    const person = people[record]! + 1;
    if (id === 0 || seen[id] === person) continue;
    seen[id] = person;
    counts[id]! += 1;
  }
  return counts;
}

function ratesFrom(counts: Int32Array, { hashes, spare }: Counter): Pick<Rates, 'rest' | 'common'> {
  let [total, ones, twos] = [0, 0, 0];
  const shared: number[] = [];
  for (let id = 1; id < counts.length; id += 1) {
    const count = counts[id]!;
    total += count;
    if (count === 1) ones += 1;
    else if (count > 1) {
      if (count === 2) twos += 1;
      shared.push(id);
    }
  }
  // How many others have a value that was seen with one person: the estimate of Good (1953) after Turing
  const unseen = Math.min(1, Math.max(0.02, (2 * twos) / Math.max(1, ones)));
  shared.sort((x, y) => counts[y]! - counts[x]! || hashes[x]! - hashes[y]!);
  const common = new Map(
    shared
      .slice(0, COMMON)
      .map((id) => [hashes[id]!, (Math.max(0, counts[id]! - 1 - spare) + unseen) / Math.max(2, total)]),
  );
  let [left, many] = [0, ones];
  for (let i = COMMON; i < shared.length; i += 1) {
    const count = counts[shared[i]!]!;
    left += count * (count - 1);
    many += count;
  }
  return { rest: (unseen + left / Math.max(1, many)) / Math.max(2, total), common };
}
