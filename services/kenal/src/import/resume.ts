import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Census } from './census.ts';

/** How far an import has come. Counts are of rows. */
export interface ImportState {
  /** Rows from the beginning of the file that need not be sent again. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly withoutIdentifier: number;
  /** What the source had before the import began; null where that is not known. */
  readonly census: Census | null;
}

/** What an import is recognised by: another file, mapping, source or server is another import. */
export interface ImportIdentity {
  readonly file: string;
  readonly size: number;
  readonly modified: number;
  readonly mapping: string;
  readonly source: string;
  readonly url: string;
  readonly workspace: string;
}

/** Remembers an import that was cut short, in a small file under `imports/` of the data directory. */
export interface ResumeFile {
  /** @returns null where this import was never begun, or came to its end */
  load(): ImportState | null;
  save(state: ImportState): void;
  /** The import has come to its end. */
  clear(): void;
}

export function createResumeFile(dataDir: string, identity: ImportIdentity): ResumeFile {
  const name = hash('sha256', JSON.stringify({ ...identity, file: resolve(identity.file) }), 'hex').slice(0, 24);
  const path = join(dataDir, 'imports', `${name}.json`);
  return {
    load: () => {
      try {
        const state = JSON.parse(readFileSync(path, 'utf8')) as ImportState;
        return Number.isSafeInteger(state.rows) && state.rows > 0 ? { ...state, census: state.census ?? null } : null;
      } catch {
        return null;
      }
    },
    save: (state) => {
      mkdirSync(dirname(path), { recursive: true });
      // The same file may be imported twice at once
      const temporary = `${path}.${process.pid}.tmp`;
      writeFileSync(temporary, JSON.stringify({ ...state, file: resolve(identity.file) }));
      renameSync(temporary, path);
    },
    clear: () => rmSync(path, { force: true }),
  };
}
