import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KenalError } from '@kenal/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOf } from './index.ts';
import { isBusy, openSqlite, transaction } from './sqlite.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kenal-storage-'));
});
afterAll(() => rm(folder, { recursive: true }));

const open = () =>
  openSqlite({
    path: join(folder, 'deep', 'a.db'),
    pragmas: 'PRAGMA journal_mode = WAL',
    tables: 'CREATE TABLE IF NOT EXISTS t (a INTEGER)',
    without: 'its rows are lost',
  });

test('a transaction that throws leaves nothing, and the next one is free to begin', () => {
  const db = open();
  const failing = () =>
    transaction(db, 'IMMEDIATE', () => {
      db.exec('INSERT INTO t VALUES (1)');
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  transaction(db, 'IMMEDIATE', () => db.exec('INSERT INTO t VALUES (2)'));
  expect(db.prepare('SELECT a FROM t').all()).toEqual([{ a: 2 }]);
  db.close();
});

test('a file that is no database, or no longer one, is named, with what to do and what that costs', () => {
  const db = open();
  db.exec('INSERT INTO t VALUES (1); PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const path = join(folder, 'deep', 'a.db');
  const whole = readFileSync(path);
  const garbage = Buffer.from(whole).fill(0x55, 100, 4096);
  for (const broken of [garbage, Buffer.alloc(8192, 'no database')]) {
    writeFileSync(path, broken);
    const error = thrownBy(open) as Error;
    expect(error).toMatchObject({ code: 'data_damaged', retryable: false });
    expect(error.message).toContain(
      `${path}; restore the data directory from a backup, or stop Kenal and move it away`,
    );
    expect(error.message).toMatch(/then its rows are lost$/);
  }
  writeFileSync(path, whole);
});

test('a lock of somebody else is told from other failures', () => {
  const [one, other] = [open(), open()];
  one.exec('BEGIN IMMEDIATE');
  other.exec('PRAGMA busy_timeout = 0');
  expect(isBusy(thrownBy(() => other.exec('BEGIN IMMEDIATE')))).toBe(true);
  expect(isBusy(thrownBy(() => other.exec('SELEC')))).toBe(false);
  one.close();
  other.close();
});

test('a failure of the store and its silence are unavailable, in its name; what callers know passes unchanged', async () => {
  const { attempt, within } = faultsOf('the shelf');
  const fail = (error: Error) => () => {
    throw error;
  };
  const broken = { code: 'unavailable', retryable: true, message: expect.stringContaining('the shelf: it broke') };
  expect(thrownBy(() => attempt(fail(new Error('it broke'))))).toMatchObject(broken);
  for (const known of [new KenalError('bad_config'), new TypeError('a bug')])
    expect(thrownBy(() => attempt(fail(known)))).toBe(known);
  await expect(within(new Promise(() => {}), 1)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await within(Promise.resolve('in time'), 1_000)).toBe('in time');
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
