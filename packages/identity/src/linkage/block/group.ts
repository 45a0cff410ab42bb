import { int32 } from '../memory.ts';

/** Records in blocks by the hash of a key. */
export interface Blocks {
  /** Records, block after block, ascending within each. */
  readonly members: Int32Array;
  /** By record: where its block begins in `members`, and where it ends; both 0 where it has no key. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Group records by hash (0: none). */
export function groupByHash(hashes: Int32Array): Blocks {
  const members = sortByHash(hashes);
  const [from, to] = [int32(hashes.length), int32(hashes.length)];
  for (let begin = 0; begin < members.length; ) {
    const end = endOfBlock(members, hashes, begin);
    for (let i = begin; i < end; i += 1) {
      from[members[i]!] = begin;
      to[members[i]!] = end;
    }
    begin = end;
  }
  return { members, from, to };
}

/** @returns where the block that begins at `begin` ends in the records sorted by hash */
export function endOfBlock(members: Int32Array, hashes: Int32Array, begin: number): number {
  const hash = hashes[members[begin]!];
  let end = begin + 1;
  while (end < members.length && hashes[members[end]!] === hash) end += 1;
  return end;
}

/** Records that have a key by its hash, ascending within each, with two passes of counting sort over 16 bits. */
export function sortByHash(hashes: Int32Array): Int32Array {
  let keyed = 0;
  for (let i = 0; i < hashes.length; i += 1) if (hashes[i] !== 0) keyed += 1;
  const [order, other] = [int32(keyed), int32(keyed)];
  keyed = 0;
  for (let i = 0; i < hashes.length; i += 1) if (hashes[i] !== 0) order[keyed++] = i;
  countingPass(order, other, hashes, 0);
  countingPass(other, order, hashes, 16);
  return order;
}

/** One stable pass: write `order` to `sorted` by 16 bits of the hashes, from `shift` on. */
export function countingPass(order: Int32Array, sorted: Int32Array, hashes: Int32Array, shift: number): void {
  const counts = new Int32Array(65_537);
  for (const record of order) counts[((hashes[record]! >>> shift) & 0xffff) + 1]! += 1;
  for (let i = 0; i < 65_536; i += 1) counts[i + 1]! += counts[i]!;
  for (let i = 0; i < order.length; i += 1) {
    const record = order[i]!;
    const bucket = (hashes[record]! >>> shift) & 0xffff;
    sorted[counts[bucket]!] = record;
    counts[bucket]! += 1;
  }
}
