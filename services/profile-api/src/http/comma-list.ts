/**
 * Values of a parameter with commas between them. A comma that belongs to a name has a backslash before it, and so has a
 * backslash there: `traits.name\, as printed,traits.email` are two.
 */
export function commaList(text: string): string[] {
  const values: string[] = [];
  let value = '';
  for (const [piece] of text.matchAll(/\\[,\\]|./gs)) {
    if (piece !== ',') value += piece.slice(-1);
    else {
      values.push(value);
      value = '';
    }
  }
  return [...values, value];
}
