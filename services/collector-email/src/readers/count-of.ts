/** How often any of these characters stands in the bytes; stops once it is more than `most`. */
export function countOf(bytes: Uint8Array, characters: string, most: number): number {
  const wanted = new Uint8Array(256);
  for (let i = 0; i < characters.length; i++) wanted[characters.charCodeAt(i)] = 1;
  let count = 0;
  for (let at = 0; at < bytes.length && count <= most; at++) count += wanted[bytes[at]!]!;
  return count;
}
