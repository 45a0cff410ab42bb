import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './bytes.ts';

/** Deeper than this no vendor nests, and JSON.stringify, which a refused part is written with, gives up at some thousands. */
export const DEEPEST = 200;
/** Values of a body: as many are parsed in some 50 ms. A vendor's largest, of 4 MB, has 200,000 or so. */
export const MOST_VALUES = 400_000;

/**
 * What would take too long to parse, found in the bytes at 2 ns each: `[[[[…`, `[{},{},{},…`. Of what is no JSON it says
 * something, and never that it is.
 * @returns `deep`: more than `DEEPEST` levels; `many`: more than `MOST_VALUES` values; null: neither
 */
export function costOf(bytes: Uint8Array): 'deep' | 'many' | null {
  let depth = 0;
  let values = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > DEEPEST) return 'deep';
      values++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
    else if (byte === COMMA) values++;
    if (values > MOST_VALUES) return 'many';
  }
  return null;
}
