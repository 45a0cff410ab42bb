/** Something that was erased, as it stands in texts: in lower case, with the version up to which it is hidden (microseconds). */
export interface Needle {
  readonly value: string;
  readonly ver: number;
}

/** Short values and short numbers stand in too much that is not the person: only as a text of its own do they count. */
const WEAK = /^(?:.{1,3}|\d{1,6})$/su;
const WORD = /[\p{L}\p{N}]+/gu;
const LETTER = /[\p{L}\p{N}]/u;

/** `ann@example.com` → `(?i)(?:^|[^\pL\pN])ann@example\.com(?:$|[^\pL\pN])`: re2 as ClickHouse has it; `42` → `(?i)"42"`. */
export function wordPattern(value: string): string {
  const literal = literalOf(value);
  return WEAK.test(value) ? `(?i)"${literal}"` : `(?i)(?:^|[^\\pL\\pN])${literal}(?:$|[^\\pL\\pN])`;
}

/**
 * The same in Avro, where no word ends: before a text stands its length, which may look like a letter. `ann@example.com`
 * (15 bytes, zigzag 30) → `(?i)\x1eann@example\.com`.
 */
export function avroPattern(value: string): string {
  const bytes = Buffer.byteLength(value);
  // Of a longer one the last byte of the length is none that stands in a text
  const last = bytes < 64 ? bytes * 2 : (bytes * 2) >> 7;
  return `(?i)\\x${last.toString(16).padStart(2, '0')}${literalOf(value)}`;
}

function literalOf(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * Whether a text that was received then names somebody who was erased since: as {@link wordPattern} finds it, for many
 * needles at once, in time that grows with the text alone.
 * @param receivedAt microseconds
 */
export type NamesErased = (text: string, receivedAt: number) => boolean;

export function createNamesErased(needles: readonly Needle[]): NamesErased {
  // By the first word of each; what has none stands alone
  const byWord = Map.groupBy(needles, ({ value }) => value.match(WORD)?.[0] ?? '');
  const wordless = byWord.get('') ?? [];
  return (text, receivedAt) => {
    const lower = text.toLowerCase();
    if (wordless.some(({ value, ver }) => receivedAt <= ver && lower.includes(value))) return true;
    for (const { 0: word, index } of lower.matchAll(WORD)) {
      const found = byWord.get(word)?.some(({ value, ver }) => {
        return receivedAt <= ver && standsAt(lower, index - value.indexOf(word), value);
      });
      if (found) return true;
    }
    return false;
  };
}

function standsAt(text: string, at: number, value: string): boolean {
  if (at < 0 || !text.startsWith(value, at)) return false;
  const [before, after] = [text.charAt(at - 1), text.charAt(at + value.length)];
  return WEAK.test(value) ? before === '"' && after === '"' : !LETTER.test(before) && !LETTER.test(after);
}
