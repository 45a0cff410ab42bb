/**
 * Which types of leaves are parked on a centre, as a `k` field says it: `anonymous_id,device_id=x3f9`. Behind `=` stands
 * the version of the rules under which no leaf of the type counts, so that nobody looks for one while they hold.
 * @returns type → version, '' where leaves count
 */
export function decodeShelfTypes(text: string): Map<string, string> {
  const types = new Map<string, string>();
  for (const part of text === '' ? [] : text.split(',')) {
    const [type = '', version = ''] = part.split('=');
    types.set(type, version);
  }
  return types;
}

/** The reverse of {@link decodeShelfTypes}. */
export function encodeShelfTypes(types: ReadonlyMap<string, string>): string {
  return [...types.keys()]
    .sort()
    .map((type) => (types.get(type) === '' ? type : `${type}=${types.get(type)}`))
    .join(',');
}
