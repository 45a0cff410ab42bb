import type { EncodedSource } from '../encode.ts';
import { createChance } from '../random.ts';
import { hashesOf } from './keys.ts';

/** One key of one source, by record. */
export interface Atom {
  readonly source: number;
  /** Position among the source's keys. */
  readonly key: number;
  readonly name: string;
  /** Hash of every so many-th record, 0: none. */
  readonly hashes: Int32Array;
  /** In which of the imagined pairs of one person both records have the same. */
  readonly agrees: Uint8Array;
}

/** Imagined pairs of one person, by which sets of keys are compared before anything is known. */
export const IMAGINED = 2_000;
/** How many of the values of a pair are the same: clean, usual and dirty records. */
const EXACT = [0.85, 0.6, 0.35];
const PART = 0.5;

/** All keys of all sources, those that nobody has left out. @param step every so many-th record is looked at */
export function atomsOf(sources: readonly EncodedSource[], seed: number, step: number): readonly Atom[] {
  const chance = createChance(seed);
  return sources.flatMap((encoded, index) => {
    const { source, codes, keys } = encoded;
    const filled = codes.reduce((sum, code) => sum + (code >= 0 ? 1 : 0), 0) / Math.max(1, codes.length);
    const agrees = imagine(source.plan.kind === 'name', keys.length, filled, chance);
    return keys.flatMap((_, key) => {
      const hashes = hashesOf(encoded, key, step);
      const name = `${source.plan.name}.${source.keyNames[key]}`;
      return hashes.some((hash) => hash !== 0) ? [{ source: index, key, name, hashes, agrees: agrees[key]! }] : [];
    });
  });
}

function imagine(isName: boolean, keys: number, filled: number, chance: () => number): Uint8Array[] {
  const agrees = Array.from({ length: keys }, () => new Uint8Array(IMAGINED));
  for (let pair = 0; pair < IMAGINED; pair += 1) {
    const present = chance() < filled ** 1.5;
    const clean = EXACT[pair % EXACT.length]!;
    const [exact, exactToo] = [chance() < clean, chance() < clean];
    for (let key = 0; key < keys; key += 1) {
      const part = chance() < PART;
      agrees[key]![pair] =
        present && (isName ? nameAgrees(key, exact, exactToo, part) : exact || (key > 0 && part)) ? 1 : 0;
    }
  }
  return agrees;
}

/** Keys of a name: given, family, whole, start of given, start of family. */
function nameAgrees(key: number, given: boolean, family: boolean, part: boolean): boolean {
  if (key === 2) return given && family;
  const own = key === 0 || key === 3 ? given : family;
  return own || (key > 2 && part);
}
