import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Where bodies go that are too large for a log record. */
export interface BlobStore {
  /** Keep the bytes, durably. @returns their SHA-256 as 64 hex digits: the name they are found under */
  put(bytes: Uint8Array): Promise<string>;
  /** @param name as `put` gave it @returns null where there is no such file, or it holds other bytes */
  get(name: string): Promise<Buffer | null>;
}

/**
 * A folder of files named after their content (`<folder>/<sha256>`), each fsynced, and the folder after it, before
 * `put` resolves. Storing the same bytes twice keeps one file.
 */
export function createBlobFolder(folder: string): BlobStore {
  return {
    async put(bytes) {
      const name = hashOf(bytes);
      const path = join(folder, name);
      await mkdir(folder, { recursive: true });
      if (await exists(path, bytes.byteLength)) return name;
      const draft = join(folder, `.${name}.${randomUUID()}`);
      try {
        await writeDurably(draft, bytes);
        await rename(draft, path); // whole or not at all, also beside another writer of the same bytes
      } catch (error) {
        await unlink(draft).catch(() => undefined);
        throw error;
      }
      await syncFolder(folder);
      return name;
    },
    async get(name) {
      try {
        const bytes = await readFile(join(folder, basename(name)));
        return hashOf(bytes) === name ? bytes : null;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function exists(path: string, size: number): Promise<boolean> {
  try {
    return (await stat(path)).size === size;
  } catch {
    return false;
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
