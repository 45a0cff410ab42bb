import { compareStamps, type Span, type Stamp } from './span.ts';

/** Registers of the longest value: at either end the longest one, so that a shorter one writes nothing. */
export function mergeLongest(a: Span, b: Span): Span {
  const last = compareLength(a.last, b.last) >= 0 ? a.last : b.last;
  return { first: last, last };
}

/** By length, then as words are ordered: of two of one length the newer one is the greater. */
export function compareLength(a: Stamp, b: Stamp): number {
  return lengthOf(a.value) - lengthOf(b.value) || compareStamps(a, b);
}

/** In code points, of the text itself where the value is one, else of its JSON: `"Zoë"` 3, `12` 2. */
function lengthOf(json: string): number {
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json;
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
