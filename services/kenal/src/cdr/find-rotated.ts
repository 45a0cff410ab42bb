import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { firstBytes } from './file-bytes.ts';
import { type FileHead, HEAD_BYTES, hasHead } from './file-head.ts';

/** A file that a followed one was before. */
export interface RotatedFile {
  readonly path: string;
  /** Stays when it is renamed, differs when the system gives its number to another. */
  readonly id: string;
  readonly modified: number;
}

// What a rotation adds to a name: `.1`, `-20261130`, `.2.gz`, `.old`
const ADDED = /^[\d._-]*(?:old)?(?:\.gz)?$/;

/** The files that a log rotation made of this one (`Master.csv.1`, `Master-20261130.csv`, `Master.csv.2.gz`), oldest first. */
export function rotatedOf(file: string): RotatedFile[] {
  const [folder, extension] = [dirname(file), extname(file)];
  const stem = basename(file, extension);
  const isRotated = (name: string): boolean =>
    name !== basename(file) && name.startsWith(stem) && ADDED.test(name.slice(stem.length).replace(extension, ''));
  return readdirSync(folder)
    .filter(isRotated)
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() === true ? [{ path, id: idOf(stat), modified: stat.mtimeMs }] : [];
    })
    .sort((a, b) => a.modified - b.modified);
}

export function idOf({ ino, mtimeMs }: { readonly ino: number; readonly mtimeMs: number }): string {
  return `${ino}:${mtimeMs}`;
}

/** The one that begins as a file did of which this much was read; null where none does. */
export async function withHead(rotated: readonly RotatedFile[], head: FileHead): Promise<RotatedFile | null> {
  for (const one of rotated) if (hasHead(await firstBytes(one.path, HEAD_BYTES), head)) return one;
  return null;
}
