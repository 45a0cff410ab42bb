import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './bytes.ts';

/** Deeper than this no vendor nests, and JSON.stringify, which a refused part is written with, gives up at some thousands. */
export const DEEPEST = 200;
/**
 * Of a body: a value counts 1, a name 2, a list or record 4, as they take to parse. So many take a quiet core 100 ms at worst
 * (records that have no name in common); a vendor's largest, of 4 MB, come to 500,000 or so.
 */
export const MOST_WORK = 600_000;

/**
 * What would take too long to parse, found in the bytes at 2 ns each: `[[[[…`, `[{},{},{},…`. Of what is no JSON it says
 * something, and never that it is.
 * @returns `deep`: more than `DEEPEST` levels; `many`: more than `MOST_WORK`; null: neither
 */
export function costOf(bytes: Uint8Array): 'deep' | 'many' | null {
  let depth = 0;
  let work = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > DEEPEST) return 'deep';
      work += 4;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
    else if (byte === COLON) work += 2;
    else if (byte === COMMA) work++;
    if (work > MOST_WORK) return 'many';
  }
  return null;
}
