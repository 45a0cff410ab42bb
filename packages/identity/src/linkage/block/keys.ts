import type { LinkageBlockingKey } from '@kenal/contracts';
import type { EncodedSource } from '../encode.ts';
import { int32 } from '../memory.ts';
import { mixHashes } from '../text/hash.ts';

/** @returns hash of both by record, 0 where one is missing */
export function combine(a: Int32Array, b: Int32Array): Int32Array {
  const both = int32(a.length);
  for (let i = 0; i < a.length; i += 1) if (a[i] !== 0 && b[i] !== 0) both[i] = mixHashes(a[i]!, b[i]!);
  return both;
}

/** Hash of one key of one source, 0: none, of every so many-th record. */
export function hashesOf({ codes, keys }: EncodedSource, key: number, step: number): Int32Array {
  const ofValue = keys[key]!;
  const hashes = int32(Math.ceil(codes.length / step));
  for (let i = 0; i < hashes.length; i += 1) {
    const code = codes[i * step]!;
    if (code >= 0) hashes[i] = ofValue[code]!;
  }
  return hashes;
}

/** Hash of a blocking key by record, 0 where a part of it is missing. @param hashes where they go */
export function combineKeys(parts: LinkageBlockingKey, sources: readonly EncodedSource[], hashes: Int32Array): void {
  parts.forEach(({ source, key }, part) => {
    const { codes, keys } = sources[source]!;
    const ofValue = keys[key]!;
    for (let i = 0; i < hashes.length; i += 1) {
      const hash = codes[i]! < 0 ? 0 : ofValue[codes[i]!]!;
      hashes[i] = part === 0 || hash === 0 ? hash : hashes[i] === 0 ? 0 : mixHashes(hashes[i]!, hash);
    }
  });
}
