import type { Column, ColumnKind } from '@kenal/identity/linkage';

/** Collects the cells of one column as bytes of UTF-8: each distinct one is kept once, and no string made of it. */
export interface ByteColumnBuilder {
  /** @returns the code of a cell; -1 where it is empty */
  codeOf(bytes: Uint8Array, from: number, to: number): number;
  /** Append a record. */
  add(code: number): void;
  /** Distinct cells so far. */
  readonly size: number;
  build(name: string, kind: ColumnKind): Column;
}

export function createByteColumn(): ByteColumnBuilder {
  const texts = createTexts();
  let [slots, mask] = [new Int32Array(1_024), 1_023];
  let codes = new Int32Array(1_024);
  let records = 0;
  const place = (code: number): void => {
    let slot = texts.hash(code, 0) & mask;
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
          [slots, mask] = [new Int32Array(slots.length * 4), slots.length * 4 - 1];
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
    build: (name, kind) => ({
      ...{ name, kind, size: texts.size, codes: codes.slice(0, records) },
      ...{ text: texts.text, hash: texts.hash },
    }),
  };
}

/** Distinct texts, one after the other in one array. */
function createTexts() {
  let pool = Buffer.alloc(16_384);
  let [hashes, ends] = [new Int32Array(1_024), new Int32Array(1_024)];
  let size = 0;
  const begin = (code: number): number => (code === 0 ? 0 : ends[code - 1]!);
  return {
    get size() {
      return size;
    },
    add(hash: number, bytes: Uint8Array, from: number, to: number): number {
      const at = begin(size);
      if (at + to - from > pool.length) {
        const grown = Buffer.alloc(Math.max(pool.length * 2, at + to - from));
        pool.copy(grown, 0, 0, at);
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
    text: (code: number): string => pool.toString('utf8', begin(code), ends[code]!),
    hash: (code: number, seed: number): number =>
      seed === 0 ? hashes[code]! : hashBytes(pool, begin(code), ends[code]!, seed),
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

function longer(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const next = new Int32Array(array.length * 2);
  next.set(array);
  return next;
}
