import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KenalError } from '@kenal/errors';
import { refillLiveCopies } from './live-copies.ts';
import { splitStatements } from './split-statements.ts';
import type { Warehouse } from './warehouse.ts';

/** Where the migrations of this repository lie. */
export const MIGRATIONS = fileURLToPath(new URL('../../../infra/clickhouse/migrations/', import.meta.url));

export interface MigrateOptions {
  /** Folder of `NNNN_name.sql` files, `views.sql` and `views_*.sql`; default {@link MIGRATIONS}. */
  readonly directory?: string;
}

const LEDGER = `CREATE TABLE IF NOT EXISTS kenal.migrations
   (
     name String COMMENT 'file',
     hash String COMMENT 'SHA-256 of its text',
     applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when it had run to its end'
   )
   ENGINE = ReplacingMergeTree(applied_at) ORDER BY name
   SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
   COMMENT 'schema changes that this database has'`;

// Hold no data, so they are replaced by a new text where a numbered file would need a successor. They sort behind these, and
// each behind those that it reads.
const VIEWS = /^views(?:_\w+)?\.sql$/;

/**
 * Run the files that the database does not have yet, in the order of their names, and write down each when it is done.
 * Every statement of a file can be run again, so a file that was cut off by a crash is simply run from its start.
 * @returns names of the files that were run
 * @throws KenalError `bad_config` where a numbered file that was applied has changed since
 */
export async function migrate(warehouse: Warehouse, options: MigrateOptions = {}): Promise<readonly string[]> {
  const directory = options.directory ?? MIGRATIONS;
  await execute(warehouse, LEDGER);
  const rows = await warehouse.query<{ name: string; hash: string }>('SELECT name, hash FROM kenal.migrations FINAL', {
    role: 'writer',
  });
  const known = new Map(rows.map((row) => [row.name, row.hash]));
  const applied: string[] = [];
  for (const name of (await readdir(directory))
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file) || VIEWS.test(file))
    .sort()) {
    const text = await readFile(join(directory, name), 'utf8');
    const hash = createHash('sha256').update(text).digest('hex');
    const before = known.get(name);
    if (before === hash) continue;
    if (before !== undefined && !VIEWS.test(name))
      throw new KenalError(
        'bad_config',
        `migration ${name} has changed since it was applied; write a new file instead`,
      );
    for (const statement of splitStatements(text)) await execute(warehouse, statement);
    await warehouse.insert('kenal.migrations', [{ name, hash }]);
    applied.push(name);
  }
  await refillLiveCopies(warehouse);
  return applied;
}

async function execute(warehouse: Warehouse, statement: string): Promise<void> {
  const answer = await warehouse.raw(statement, { role: 'writer' });
  await answer.stream.resume().toArray();
}
