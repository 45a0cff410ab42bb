import { IDENTIFIER_TYPE_PATTERN, parseKey } from '@kenal/contracts';

type Form = { readonly value: string; readonly match: string };

/**
 * The values that a workspace itself calls nobody's: `phone:030 901820`, or `walk-in` for every type. Case does not count.
 * @param normalise how a value of a type is read, so that an entry may be written in any spelling; a string is a fault
 */
export function createConfiguredBlock(
  entries: readonly string[],
  types: readonly string[],
  normalise: (type: string, value: string) => Form | string,
): (type: string, text: string, form: Form) => boolean {
  const bare = new Set<string>();
  const typed = new Set<string>();
  for (const entry of entries) {
    const identifier = parseKey(entry);
    if (identifier === null || !IDENTIFIER_TYPE_PATTERN.test(identifier.type)) {
      bare.add(entry.trim().toLowerCase());
      continue;
    }
    // `urn:x` names no known type, so it may be a bare value as well
    if (!types.includes(identifier.type)) bare.add(entry.trim().toLowerCase());
    const form = normalise(identifier.type, identifier.value);
    typed.add(`${identifier.type}:${(typeof form === 'string' ? identifier.value : form.match).trim().toLowerCase()}`);
  }
  if (bare.size + typed.size === 0) return () => false;
  return function isConfigured(type, text, form) {
    const spellings = [text.toLowerCase(), form.value.toLowerCase(), form.match.toLowerCase()];
    return spellings.some((spelling) => bare.has(spelling) || typed.has(`${type}:${spelling}`));
  };
}
