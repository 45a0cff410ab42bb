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

/** Hash of one key of one source by record, 0: none. */
export function hashesOf({ codes, keys }: EncodedSource, key: number): Int32Array {
  const ofValue = keys[key]!;
  const hashes = int32(codes.length);
  for (let i = 0; i < codes.length; i += 1) if (codes[i]! >= 0) hashes[i] = ofValue[codes[i]!]!;
  return hashes;
}

/** Hash of a blocking key by record, 0 where a part of it is missing. */
export function combineKeys(parts: LinkageBlockingKey, sources: readonly EncodedSource[]): Int32Array {
  return parts.map(({ source, key }) => hashesOf(sources[source]!, key)).reduce(combine);
}
