/** First byte and the byte after the last of one value inside a body. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the events of a batch lie in the bytes of its body: the elements of the root's `batch` array (the last one
 * where the key is doubled, as `JSON.parse` has it), or of the root itself where that is an array.
 * About a nanosecond a byte, nothing allocated but the answer. The bytes must be JSON that has been parsed already.
 */
export function sliceBatch(bytes: Uint8Array): readonly Slice[] {
  const start = skipSpace(bytes, bytes[0] === 0xef ? 3 : 0); // byte order mark
  if (bytes[start] === OPEN_ARRAY) return elementsOf(bytes, start);
  let slices: readonly Slice[] = [];
  for (let i = skipSpace(bytes, start + 1); bytes[i] === QUOTE; ) {
    const keyEnd = skipString(bytes, i);
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + i, keyEnd - i).toString('utf8');
    const valueStart = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    if (JSON.parse(name) === 'batch') slices = bytes[valueStart] === OPEN_ARRAY ? elementsOf(bytes, valueStart) : [];
    i = skipSpace(bytes, skipSpace(bytes, skipValue(bytes, valueStart)) + 1);
  }
  return slices;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function elementsOf(bytes: Uint8Array, open: number): readonly Slice[] {
  const slices: Slice[] = [];
  let i = skipSpace(bytes, open + 1);
  while (i < bytes.length && bytes[i] !== CLOSE_ARRAY) {
    const end = skipValue(bytes, i);
    slices.push({ start: i, end });
    i = skipSpace(bytes, end);
    if (bytes[i] === COMMA) i = skipSpace(bytes, i + 1);
  }
  return slices;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && bytes[i]! <= 0x20) i++;
  return i;
}

function skipString(bytes: Uint8Array, quote: number): number {
  let i = quote + 1;
  for (; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === BACKSLASH) i++;
    else if (byte === QUOTE) return i + 1;
  }
  return i;
}

function skipValue(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let i = from; i < bytes.length; ) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = skipString(bytes, i);
      if (depth === 0) return i;
      continue;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) return i; // the end of what a number or a word stands in
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (byte === COMMA || byte <= 0x20)) return i;
    i++;
  }
  return bytes.length;
}
