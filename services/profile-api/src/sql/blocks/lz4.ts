// The LZ4 block format (github.com/lz4/lz4, doc/lz4_Block_format.md): sequences of `token, literals, offset, match`. The
// compressor is the greedy one of the format's author: one table of the last place of each four bytes.
const MIN_MATCH = 4;
/** The last five bytes are literals, and no match begins in the last twelve. */
const LAST_LITERALS = 5;
const NO_MATCH_IN_LAST = 12;
const MOST_BACK = 65_535;
const TABLE_BITS = 14;
const places = new Int32Array(1 << TABLE_BITS);

/** How many bytes a block can take at most where nothing repeats. */
export function mostCompressed(length: number): number {
  return length + Math.ceil(length / 255) + 16;
}

/**
 * Compress bytes.
 * @param target from `start` on with room for {@link mostCompressed}
 * @returns the place behind the last byte in `target`
 */
export function compressBlock(source: Uint8Array, target: Uint8Array, start: number): number {
  const view = new DataView(source.buffer, source.byteOffset, source.length);
  const end = source.length;
  const matchable = end - NO_MATCH_IN_LAST;
  const mostMatched = end - LAST_LITERALS;
  let out = start;
  let anchor = 0;
  let at = 0;
  let misses = 0;
  places.fill(-MOST_BACK - 1);
  while (at <= matchable) {
    const four = view.getInt32(at, true);
    const slot = Math.imul(four, -1640531535) >>> (32 - TABLE_BITS);
    const before = places[slot] as number;
    places[slot] = at;
    if (at - before > MOST_BACK || view.getInt32(before, true) !== four) {
      at += 1 + (misses++ >> 6); // what does not repeat is gone through in growing steps
      continue;
    }
    misses = 0;
    let matched = MIN_MATCH;
    while (at + matched < mostMatched && source[at + matched] === source[before + matched]) matched++;
    out = writeLiterals(source, anchor, at, target, out, matched - MIN_MATCH);
    target[out++] = (at - before) & 0xff;
    target[out++] = (at - before) >> 8;
    if (matched - MIN_MATCH >= 15) out = writeLength(target, out, matched - MIN_MATCH - 15);
    at += matched;
    anchor = at;
  }
  return writeLiterals(source, anchor, end, target, out, 0);
}

/** The same without looking for matches: the content stands in the block as it is. */
export function storeBlock(source: Uint8Array, target: Uint8Array, start: number): number {
  return writeLiterals(source, 0, source.length, target, start, 0);
}

function writeLiterals(
  source: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  start: number,
  match: number,
): number {
  const length = to - from;
  let out = start;
  target[out++] = (Math.min(length, 15) << 4) | Math.min(match, 15);
  if (length >= 15) out = writeLength(target, out, length - 15);
  if (length > 64) target.set(source.subarray(from, to), out);
  else for (let i = 0; i < length; i++) target[out + i] = source[from + i] as number;
  return out + length;
}

function writeLength(target: Uint8Array, start: number, rest: number): number {
  let out = start;
  let left = rest;
  for (; left >= 255; left -= 255) target[out++] = 255;
  target[out++] = left;
  return out;
}

/**
 * Decompress a block into exactly as many bytes as `target` has.
 * @throws RangeError where the bytes are no such block
 */
export function decompressBlock(source: Uint8Array, target: Uint8Array): void {
  let at = 0;
  let out = 0;
  const lengthOf = (short: number): number => {
    if (short < 15) return short;
    let length = short;
    for (;;) {
      const more = source[at++];
      if (more === undefined) throw broken();
      length += more;
      if (more !== 255) return length;
    }
  };
  while (at < source.length) {
    const token = source[at++] as number;
    const literals = lengthOf(token >> 4);
    if (at + literals > source.length || out + literals > target.length) throw broken();
    target.set(source.subarray(at, at + literals), out);
    at += literals;
    out += literals;
    if (at === source.length) break; // the last sequence has no match
    const back = (source[at] as number) | ((source[at + 1] ?? 0) << 8);
    at += 2;
    const matched = lengthOf(token & 15) + MIN_MATCH;
    if (back === 0 || back > out || out + matched > target.length) throw broken();
    for (let i = 0; i < matched; i++) target[out + i] = target[out + i - back] as number;
    out += matched;
  }
  if (out !== target.length) throw broken();
}

function broken(): RangeError {
  return new RangeError('not a block of LZ4');
}
