import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote, quoteName } from '../param-text.ts';
import type { NativeRequest } from './guarded-session.ts';
import { BINARY_FORMAT, type InsertTarget } from './insert-statement.ts';
import type { Pool } from './session-pool.ts';

const FOLDER = 'inserts';
// A path of INFILE is a pattern, in which only `?` stands for what it may stand for itself: one character
const WILD = /[{}*?]/g;

/** Forget what a process that was killed has left. For whoever owns the data directory. */
export function clearSpool(dataDir: string): void {
  rmSync(join(dataDir, FOLDER), { recursive: true, force: true });
}

/**
 * A pool that takes binary rows too. chDB reads rows that stand behind their statement only as far as the first empty line, so
 * these go by a file in the data directory, written on the thread that calls: no row crosses from thread to thread.
 */
export function spooledPool(pool: Pool, dataDir: string): Pool {
  const folder = join(dataDir, FOLDER);
  return {
    async run(role, request, signal, take) {
      const { insert, ...rest } = request;
      if (insert?.target.format !== BINARY_FORMAT) return pool.run(role, request, signal, take);
      const path = join(folder, randomUUID());
      mkdirSync(folder, { recursive: true });
      try {
        writeFileSync(path, insert.rows, { mode: 0o600 });
        const answer = await pool.run(role, fromFile(rest, insert.target, path), signal);
        return { ...answer, rowsRead: 0, rowsWritten: answer.rowsRead };
      } finally {
        rmSync(path, { force: true });
      }
    },
    close: () => pool.close(),
  };
}

function fromFile(
  request: Omit<NativeRequest, 'insert'>,
  { table, columns, format }: InsertTarget,
  path: string,
): NativeRequest {
  const target = table.split('.').map(quoteName).join('.');
  const names = columns ? ` (${columns.map(quoteName).join(', ')})` : '';
  const pattern = quote(path.replace(WILD, '?')); // the name of the file is like no other
  return {
    ...request,
    sql: `INSERT INTO ${target}${names} FROM INFILE ${pattern} COMPRESSION 'none' FORMAT ${format}`,
  };
}
