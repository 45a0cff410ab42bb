import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FileHead } from './file-head.ts';

/** How far a followed file was sent and acknowledged. */
export interface Position {
  readonly inode: number;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  readonly head: FileHead;
  /** Ids of the rotated files that lay beside it when it was opened: what is rotated away later is not among them. */
  readonly others: readonly string[];
}

/** Remembers it over restarts, in a small file under `cdr/` of the data directory. */
export interface PositionFile {
  /** @returns null where this file was never followed */
  load(): Position | null;
  save(position: Position): void;
}

export interface Followed {
  readonly file: string;
  readonly workspace: string;
  readonly source: string;
}

export function createPositionFile(dataDir: string, followed: Followed): PositionFile {
  const file = resolve(followed.file);
  const name = hash('sha256', JSON.stringify({ ...followed, file }), 'hex').slice(0, 24);
  const path = join(dataDir, 'cdr', `${name}.json`);
  return {
    load() {
      try {
        const found = JSON.parse(readFileSync(path, 'utf8')) as Position;
        const isOurs = Number.isSafeInteger(found.offset) && typeof found.head?.digest === 'string';
        return isOurs && Array.isArray(found.others) ? found : null;
      } catch {
        return null;
      }
    },
    save(position) {
      mkdirSync(dirname(path), { recursive: true });
      const draft = `${path}.${process.pid}.tmp`;
      // On the disk before it takes the place of the old one: without a position what was rotated away is not sent
      writeFileSync(draft, JSON.stringify({ file, ...position }), { flush: true });
      renameSync(draft, path);
    },
  };
}
