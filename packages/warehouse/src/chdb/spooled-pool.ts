import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { quote, quoteName } from '../param-text.ts';
import type { NativeRequest } from './guarded-session.ts';
import { BINARY_FORMAT, type InsertTarget } from './insert-statement.ts';
import type { Pool } from './session-pool.ts';

const FOLDER = 'inserts';
let inserts = 0;

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
    async run(role, request, signal) {
      const { insert, ...rest } = request;
      if (insert?.target.format !== BINARY_FORMAT) return pool.run(role, request, signal);
      const path = join(folder, `${process.pid}-${threadId}-${inserts++}`);
      mkdirSync(folder, { recursive: true });
      try {
        writeFileSync(path, insert.rows, { mode: 0o600 });
        return await pool.run(
          role,
          { ...rest, sql: insertFromFile(insert.target, path) } satisfies NativeRequest,
          signal,
        );
      } finally {
        rmSync(path, { force: true });
      }
    },
    close: () => pool.close(),
  };
}

function insertFromFile({ table, columns, format }: InsertTarget, path: string): string {
  const target = table.split('.').map(quoteName).join('.');
  const names = columns ? ` (${columns.map(quoteName).join(', ')})` : '';
  return `INSERT INTO ${target}${names} FROM INFILE ${quote(path)} COMPRESSION 'none' FORMAT ${format}`;
}
