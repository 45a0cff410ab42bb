import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Bytes of a file from its beginning; unpacked where its name ends in `.gz`. */
export async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const source = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  try {
    for await (const chunk of source) yield chunk as Uint8Array;
  } finally {
    file.destroy();
  }
}

/** Its first bytes, at most so many; fewer where it has no more, or cannot be read. */
export async function firstBytes(path: string, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bytesOf(path)) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= most) break;
    }
  } catch {
    // Just rotated away, or half packed: the next look finds it
  }
  return Buffer.concat(parts).subarray(0, most);
}
