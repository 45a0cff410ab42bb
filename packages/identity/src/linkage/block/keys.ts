import type { LinkageBlockingKey } from '@kenal/contracts';
import type { EncodedSource } from '../encode.ts';
import { mixHashes } from '../text/hash.ts';

/** @returns hash of both by record, 0 where one is missing */
export function combine(a: Int32Array, b: Int32Array): Int32Array {
  return a.map((hash, i) => (hash === 0 || b[i] === 0 ? 0 : mixHashes(hash, b[i]!)));
}

/** Hash of one key of one source by record, 0: none. */
export function hashesOf({ codes, keys }: EncodedSource, key: number): Int32Array {
  const ofValue = keys[key]!;
  return codes.map((code) => (code < 0 ? 0 : ofValue[code]!));
}

/** Hash of a blocking key by record, 0 where a part of it is missing. */
export function combineKeys(parts: LinkageBlockingKey, sources: readonly EncodedSource[]): Int32Array {
  return parts.map(({ source, key }) => hashesOf(sources[source]!, key)).reduce(combine);
}
