/** 32 bits of a text, never 0: FNV-1a (Fowler, Noll, Vo) with the finaliser of MurmurHash3 (Appleby). */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return finish(hash);
}

/** Two hashes as one; the order counts. */
export function mixHashes(a: number, b: number): number {
  return finish(Math.imul(a, 0x9e3779b1) ^ b);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed = (mixed ^ (mixed >>> 16)) | 0;
  return mixed === 0 ? 1 : mixed;
}
