import type { Column, ColumnKind } from '@kenal/identity/linkage';

/** Collects the cells of one column as bytes of UTF-8: each distinct one is kept once, and no string made of it. */
export interface ByteColumnBuilder {
  /** @returns the code of a cell; -1 where it is empty */
  codeOf(bytes: Uint8Array, from: number, to: number): number;
  /** Append a record. */
  add(code: number): void;
  /** Distinct cells so far. */
  readonly size: number;
  build(name: string, kind: ColumnKind): ByteColumn;
}

export function createByteColumn(): ByteColumnBuilder {
  const texts = createTexts();
  let [slots, mask] = [int32(1_024), 1_023];
  let codes = int32(1_024);
  let records = 0;
  const place = (code: number): void => {
    let slot = texts.hash(code) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = code + 1;
  };
  return {
    codeOf(bytes, from, to) {
      if (from === to) return -1;
      const hash = hashBytes(bytes, from, to, 0);
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const code = slots[slot]! - 1;
        if (code >= 0) {
          if (texts.is(code, hash, bytes, from, to)) return code;
          continue;
        }
        const added = texts.add(hash, bytes, from, to);
        slots[slot] = added + 1;
        if (added * 2 > mask) {
          [slots, mask] = [int32(slots.length * 4), slots.length * 4 - 1];
          for (let known = 0; known <= added; known += 1) place(known);
        }
        return added;
      }
    },
    add(code) {
      if (records === codes.length) codes = longer(codes);
      codes[records++] = code;
    },
    get size() {
      return texts.size;
    },
    build: (name, kind) => byteColumn({ name, kind, codes: codes.subarray(0, records), ...texts.data() }),
  };
}

/** A column as plain data in shared memory, which another thread can read. */
export interface ByteColumnData {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly codes: Int32Array;
  /** The texts in UTF-8, one after the other. */
  readonly bytes: Uint8Array;
  /** By code: where its text ends, and its hash. */
  readonly ends: Int32Array;
  readonly hashes: Int32Array;
}

export interface ByteColumn extends Column {
  readonly data: ByteColumnData;
}

/** The data of a column that goes to another thread. */
export function columnData({ data }: ByteColumn): ByteColumnData {
  return data;
}

export function byteColumn(data: ByteColumnData): ByteColumn {
  const { name, kind, codes, bytes, ends, hashes } = data;
  const pool = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const begin = (code: number): number => (code === 0 ? 0 : ends[code - 1]!);
  return {
    ...{ name, kind, codes, size: ends.length, data },
    text: (code) => pool.toString('utf8', begin(code), ends[code]!),
    hash: (code, seed) => (seed === 0 ? hashes[code]! : hashBytes(pool, begin(code), ends[code]!, seed)),
  };
}

/** Distinct texts, one after the other in one array. */
function createTexts() {
  let pool = new Uint8Array(new SharedArrayBuffer(16_384));
  let [hashes, ends] = [int32(1_024), int32(1_024)];
  let size = 0;
  const begin = (code: number): number => (code === 0 ? 0 : ends[code - 1]!);
  return {
    get size() {
      return size;
    },
    hash: (code: number): number => hashes[code]!,
    add(hash: number, bytes: Uint8Array, from: number, to: number): number {
      const at = begin(size);
      if (at + to - from > pool.length) {
        const grown = new Uint8Array(new SharedArrayBuffer(Math.max(pool.length * 2, at + to - from)));
        grown.set(pool);
        pool = grown;
      }
      if (size === ends.length) [hashes, ends] = [longer(hashes), longer(ends)];
      for (let i = from; i < to; i += 1) pool[at + i - from] = bytes[i]!;
      hashes[size] = hash;
      ends[size] = at + to - from;
      size += 1;
      return size - 1;
    },
    is(code: number, hash: number, bytes: Uint8Array, from: number, to: number): boolean {
      if (hashes[code] !== hash) return false;
      const at = begin(code);
      if (ends[code]! - at !== to - from) return false;
      for (let i = from; i < to; i += 1) if (pool[at + i - from] !== bytes[i]) return false;
      return true;
    },
    data: () => ({
      bytes: pool.subarray(0, begin(size)),
      ...{ ends: ends.subarray(0, size), hashes: hashes.subarray(0, size) },
    }),
  };
}

/** 32 bits: FNV-1a (Fowler, Noll, Vo) with the finaliser of MurmurHash3 (Appleby), as linkage hashes texts. */
function hashBytes(bytes: Uint8Array, from: number, to: number, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

function longer(array: Int32Array): Int32Array<SharedArrayBuffer> {
  const next = int32(array.length * 2);
  next.set(array);
  return next;
}

function int32(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}
