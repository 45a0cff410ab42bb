import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenalHere, type Outcome, type RunningKenal, up } from './testing/cli.ts';

const example = (name: string): string => fileURLToPath(new URL(`../examples/records/${name}`, import.meta.url));
const dataDir = await migratedDirectory();
let running: RunningKenal;
beforeAll(async () => {
  running = await up(dataDir);
});
afterAll(async () => void (await running?.stop()));

const kenal = (...args: readonly string[]): Promise<Outcome> => kenalHere(dataDir, args);
const sql = async (question: string): Promise<string> => (await kenal('sql', question, '-f', 'tsv')).stdout.trim();
async function imported(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout } = await kenal('import', ...args, '--json');
  return { code, ...(JSON.parse(stdout) as Record<string, unknown>) };
}
const file = (name: string, content: string): string => {
  const path = join(dataDir, name);
  writeFileSync(path, content);
  return path;
};

const PRICES = ['prices.csv', '--kind', 'price', '--map', 'prices.yaml'].map((word) =>
  word.includes('.') ? example(word) : word,
);
const priceOf = (time: string): Promise<string> =>
  sql(`SELECT amount FROM prices WHERE item_id = '85123A' AND list = ''
    AND valid_from <= toDateTime('${time}') AND (valid_to IS NULL OR valid_to > toDateTime('${time}'))`);

test('items and prices go in through the CLI, the price of any time comes out of SQL, and a second import adds nothing', async () => {
  const dry = await kenal('import', ...PRICES, '--dry-run');
  expect([dry.code, dry.stderr]).toEqual([0, expect.stringContaining('Nothing was sent')]);
  expect(await sql('SELECT count() FROM records')).toBe('0');
  for (let times = 0; times < 2; times++) {
    const items = await imported(example('items.csv'), '--kind', 'item');
    const told = (rows: number) => ({
      rows,
      accepted: rows,
      rejected: 0,
      stored: true,
      ...[
        { new: rows, known: 0 },
        { new: 0, known: rows },
      ][times],
    });
    expect(items).toMatchObject({ code: 0, ...told(3) });
    expect(await imported(...PRICES)).toMatchObject({ code: 0, ...told(5) });
    expect(await sql('SELECT kind, count() FROM records GROUP BY kind ORDER BY kind')).toBe('item\t3\nprice\t5');
  }
  expect(await priceOf('2026-03-01 00:00:00')).toBe('2.55');
  expect(await priceOf('2026-07-01 00:00:00')).toBe('2.95');
  // Valid to 31.12.2026: on that day it still holds
  expect(await sql("SELECT valid_to FROM prices WHERE list = 'club'")).toBe('2027-01-01 00:00:00.000000');
  expect(await sql("SELECT name, brand, JSONExtractString(values, 'colour') FROM items WHERE item_id = '22633'")).toBe(
    'Hand warmer Union Jack\t\tred',
  );
  // What was mended takes the place of what it mends, and nothing else
  const mended = file('mended.csv', 'item_id,currency,amount,from\n85123A,GBP,2.65,2025-12-31T23:00:00-01:00\n');
  expect(await imported(mended, '--kind', 'price')).toMatchObject({ code: 0, accepted: 1 });
  expect([await priceOf('2026-03-01 00:00:00'), await sql('SELECT count() FROM prices')]).toEqual(['2.65', '5']);
});

test('every kind has its view, with its columns', async () => {
  const rows = [
    ['cost', 'item_id,amount,currency,supplier\nA,1.10,EUR,Nordlys\n'],
    ['stock', 'item_id,location,quantity\nA,Leeds,-2\n'],
    ['campaign', 'id,name,channel,budget,cost,currency\nspring,Spring,mail,1000,812.50,EUR\n'],
    ['account', 'id,name,parent_id,industry,owner,country\nACME,Acme,,Tools,r.weiss,DE\n'],
  ] as const;
  for (const [kind, content] of rows)
    expect(await imported(file(`${kind}.csv`, content), '--kind', kind)).toMatchObject({ code: 0, accepted: 1 });
  const own = 'EXCEPT (valid_from, valid_to, values, source, recorded_at)';
  expect(await sql(`SELECT * ${own} FROM costs`)).toBe('A/EUR/Nordlys\tA\tNordlys\t1.1\tEUR');
  expect(await sql(`SELECT * ${own} FROM stock`)).toBe('A/Leeds\tA\tLeeds\t-2');
  expect(await sql(`SELECT * ${own} FROM campaigns`)).toBe('spring\tSpring\tmail\t1000\t812.5\tEUR');
  expect(await sql(`SELECT * ${own} FROM accounts`)).toBe('ACME\tAcme\t\tTools\tr.weiss\tDE');
});

test('bad rows are listed with line and column, the others go in, and people are refused', async () => {
  const path = file('some.csv', 'id,name\nX,good\n,no id\nZ,also good\n');
  const { code, rows, accepted, rejected } = await imported(path, '--kind', 'item');
  expect({ code, rows, accepted, rejected }).toEqual({ code: 1, rows: 3, accepted: 2, rejected: 1 });
  expect(JSON.parse(readFileSync(`${path}.errors.ndjson`, 'utf8'))).toMatchObject({
    ...{ line: 3, column: 'id', code: 'record_missing_field' },
  });
  // What Kenal refused is kept, repaired and sent again, once
  const failed = JSON.parse((await kenal('failed', 'ls', '--json')).stdout) as { failure_id: string; path: string }[];
  expect(failed).toMatchObject([
    { source: 'import', code: 'record_missing_field', path: '$.records[1].id', state: 'open' },
  ]);
  const id = failed[0]?.failure_id ?? '';
  expect((await imported(path, '--kind', 'item')).rejected).toBe(1);
  expect((await kenal('failed', 'fix', id, '--set', '$.records[1].id=Y')).stdout).toMatch(/is fixed/);
  for (let times = 0; times < 2; times++)
    expect((await kenal('failed', 'replay', id)).stdout).toBe('Of 1: 1 sent again, 0 still refused.\n');
  await imported(example('items.csv'), '--kind', 'item'); // waits until all is stored
  expect(await sql("SELECT item_id, name FROM items WHERE item_id IN ('X', 'Y', 'Z') ORDER BY item_id")).toBe(
    'X\tgood\nY\tno id\nZ\talso good',
  );
  expect(await sql('SELECT count() FROM failed_events')).toBe('1');
  expect(await sql('SELECT sum(difference) FROM balance')).toBe('0');
  const people = await kenal('import', file('people.csv', 'id,email\n1,a@example.com\n'), '--kind', 'account');
  expect([people.code, people.stderr]).toEqual([2, expect.stringMatching(/email would name a person/)]);
  expect((await kenal('import', path)).stderr).toMatch(/--map .*--kind/);
  expect((await kenal('import', path, '--kind', 'thing')).stderr).toMatch(/item, price, cost, stock/);
});

test('what a revoked import brought is hidden, an import into it says so, and a clear brings it back', async () => {
  const before = await sql('SELECT count() FROM records');
  const decide = (...words: readonly string[]): Promise<Outcome> =>
    kenal('identity', ...words, '--source', 'import', '--reason', 'a bad file', '--wait');
  expect(await decide('revoke')).toMatchObject({ code: 0, stderr: '' });
  expect(await sql('SELECT count() FROM records')).toBe('0');
  const again = await imported(example('items.csv'), '--kind', 'item');
  expect(again).toMatchObject({ code: 0, accepted: 3, new: null, known: null, revoked: { reason: 'a bad file' } });
  expect((await decide('clear')).code).toBe(0);
  expect(await sql('SELECT count() FROM records')).toBe(before);
});
