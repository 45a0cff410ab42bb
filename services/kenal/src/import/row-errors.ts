import { once } from 'node:events';
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { UsageError } from '../cli/usage-error.ts';

/** A row that did not become an interaction. */
export interface RowError {
  readonly line: number;
  /** Column at fault, '' where it is the row as a whole. */
  readonly column: string;
  readonly code: string;
  readonly reason: string;
}

/** Keeps the first few errors for the person at the terminal, and all of them in a file beside the imported one. */
export interface RowErrors {
  add(error: RowError): void;
  readonly count: number;
  readonly first: readonly RowError[];
  /** Path of the file, null where there was no error. */
  readonly path: string | null;
  close(): Promise<void>;
}

/** How many of them a person is shown. */
export const SHOWN_ERRORS = 20;

/** @param resumed errors of an earlier, interrupted run are in the file already and stay */
export function createRowErrors(path: string, resumed: boolean): RowErrors {
  if (!resumed) rmSync(path, { force: true });
  const first: RowError[] = [];
  let count = 0;
  let file: WriteStream | null = null;
  let fault: Error | null = null;
  const open = (): WriteStream =>
    createWriteStream(path, { flags: 'a' }).on('error', (error) => {
      fault = error;
    });
  return {
    get count() {
      return count;
    },
    get path() {
      return file === null ? null : path;
    },
    first,
    add: (error) => {
      count++;
      if (first.length < SHOWN_ERRORS) first.push(error);
      file ??= open();
      file.write(`${JSON.stringify(error)}\n`);
    },
    close: async () => {
      if (file === null) return;
      if (fault === null) await once(file.end(), 'finish').catch(() => undefined); // its `error` is kept
      if (fault !== null) throw new UsageError(`${path} cannot be written: ${(fault as Error).message}`);
    },
  };
}
