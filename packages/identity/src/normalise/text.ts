// Control characters and those that show nothing (zero-width space and joiners, byte order mark, soft hyphen)
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2060\ufeff]/g;
// What most values consist of; such text is well-formed and composed already
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/** Trim, compose (NFC), drop what cannot be seen, mend lone surrogates: one spelling for what looks the same. */
export function cleanText(raw: string): string {
  if (PLAIN.test(raw)) return raw;
  return raw.toWellFormed().replaceAll(INVISIBLE, '').normalize('NFC').trim();
}
