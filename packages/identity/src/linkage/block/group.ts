/** Records in blocks by the hash of a key. */
export interface Blocks {
  /** Records, block after block, ascending within each. */
  readonly members: Int32Array;
  /** By record: where its block begins in `members`, and where it ends; both 0 where it has no key. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Group records by hash (0: none), with two passes of counting sort over 16 bits. */
export function groupByHash(hashes: Int32Array): Blocks {
  const size = hashes.length;
  let keyed = 0;
  for (let i = 0; i < size; i += 1) if (hashes[i] !== 0) keyed += 1;
  let order = new Int32Array(keyed);
  keyed = 0;
  for (let i = 0; i < size; i += 1) if (hashes[i] !== 0) order[keyed++] = i;
  for (const shift of [0, 16]) order = countingPass(order, hashes, shift);
  const [from, to] = [new Int32Array(size), new Int32Array(size)];
  for (let begin = 0; begin < keyed; ) {
    let end = begin + 1;
    const hash = hashes[order[begin]!];
    while (end < keyed && hashes[order[end]!] === hash) end += 1;
    for (let i = begin; i < end; i += 1) {
      from[order[i]!] = begin;
      to[order[i]!] = end;
    }
    begin = end;
  }
  return { members: order, from, to };
}

function countingPass(order: Int32Array<ArrayBuffer>, hashes: Int32Array, shift: number): Int32Array<ArrayBuffer> {
  const counts = new Int32Array(65_537);
  for (const record of order) counts[((hashes[record]! >>> shift) & 0xffff) + 1]! += 1;
  for (let i = 0; i < 65_536; i += 1) counts[i + 1]! += counts[i]!;
  const sorted = new Int32Array(order.length);
  for (const record of order) {
    const bucket = (hashes[record]! >>> shift) & 0xffff;
    sorted[counts[bucket]!] = record;
    counts[bucket]! += 1;
  }
  return sorted;
}
