import type { LinkageBlockingKey } from '@kenal/contracts';
import type { EncodedSource } from '../encode.ts';
import { int32 } from '../memory.ts';
import { groupByHash } from './group.ts';
import { combineKeys } from './keys.ts';

/** Pairs of records that are worth comparing, each once, by their first record. */
export interface Candidates {
  readonly size: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Bit set of the sources that every key which found the pair looked at: these say nothing about pairs in general. */
  readonly blockedBy: Int32Array;
  /** Blocks that were larger than the limit, and the records in them. */
  readonly dropped: { readonly blocks: number; readonly records: number };
}

/** Every pair, for tables of so few records. */
export function allPairs(records: number): Candidates {
  const size = (records * (records - 1)) / 2;
  const [a, b] = [int32(size), int32(size)];
  let at = 0;
  for (let i = 0; i < records; i += 1)
    for (let j = i + 1; j < records; j += 1) {
      a[at] = i;
      b[at++] = j;
    }
  return { size, a, b, blockedBy: int32(size), dropped: { blocks: 0, records: 0 } };
}

/** @param block records of a block that is still paired; larger ones are dropped and counted */
export function candidatePairs(
  keys: readonly LinkageBlockingKey[],
  sources: readonly EncodedSource[],
  records: number,
  block: number,
): Candidates {
  const hashes = int32(records);
  const blocks = keys.map((parts) => {
    combineKeys(parts, sources, hashes);
    return groupByHash(hashes);
  });
  const masks = keys.map((parts) => parts.reduce((mask, { source }) => mask | (1 << source), 0));
  const seen = int32(records).fill(-1);
  const maskOf = int32(records);
  const out = createGrowing(records * 4);
  const dropped = { blocks: 0, records: 0 };
  const others = int32(records);
  for (let record = 0; record < records; record += 1) {
    let count = 0;
    for (let k = 0; k < blocks.length; k += 1) {
      const { members, from, to } = blocks[k]!;
      const [begin, end] = [from[record]!, to[record]!];
      if (end - begin < 2) continue;
      if (end - begin > block) {
        if (members[begin] === record) dropped.blocks += 1;
        dropped.records += 1;
        continue;
      }
      for (let i = end - 1; i >= begin; i -= 1) {
        const other = members[i]!;
        if (other <= record) break;
        if (seen[other] === record) maskOf[other]! &= masks[k]!;
        else {
          seen[other] = record;
          maskOf[other] = masks[k]!;
          others[count++] = other;
        }
      }
    }
    if (count > 0) out.push(record, others.subarray(0, count).sort(), maskOf);
  }
  return { ...out.take(), dropped };
}

function createGrowing(capacity: number) {
  let [a, b, blockedBy] = [int32(capacity), int32(capacity), int32(capacity)];
  let size = 0;
  const longer = (array: Int32Array, length: number): Int32Array<SharedArrayBuffer> => {
    const next = int32(length);
    next.set(array);
    return next;
  };
  return {
    push(record: number, others: Int32Array, maskOf: Int32Array): void {
      const needed = size + others.length;
      if (needed > a.length) {
        const length = Math.max(needed, Math.ceil(a.length * 1.6));
        [a, b, blockedBy] = [longer(a, length), longer(b, length), longer(blockedBy, length)];
      }
      for (const other of others) {
        a[size] = record;
        b[size] = other;
        blockedBy[size++] = maskOf[other]!;
      }
    },
    take: () => ({ size, a: a.subarray(0, size), b: b.subarray(0, size), blockedBy: blockedBy.subarray(0, size) }),
  };
}
