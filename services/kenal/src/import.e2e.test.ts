import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { endpointsPath } from './client/endpoints.ts';
import { kenal, type RunningKenal, temporaryDirectory, until, up } from './testing/cli.ts';

const dataDir = await migratedDirectory();
let running: RunningKenal;

beforeAll(async () => {
  running = await up(dataDir);
});
afterAll(async () => void (await running?.stop()));

const folder = temporaryDirectory();
const file = join(folder, 'orders.csv');
const map = join(folder, 'map.yaml');
const rows = [
  'id,item,n,price,at,mail',
  ...Array.from(
    { length: 3_000 },
    (_, i) => `o${i % 500},sku${i % 7},${(i % 5) - 1},0.105,2026-01-0${(i % 9) + 1} 10:00,p${i % 200}@example.com`,
  ),
];
rows.push(rows[1] as string, 'o1,sku1,many,1,2026-01-01 10:00,x@example.com', 'o2,sku1,1,1,2026-01-01 10:00,');
const mapping = `time: at
identifiers: { email: mail }
order: { id: id, item: item, quantity: n, price: price, currency: EUR }
`;
writeFileSync(file, `${rows.join('\n')}\n`);
writeFileSync(map, mapping);
// The row that names nobody is nobody's interaction, and a line of its order's customer
const figures = `SELECT count(), uniqExact(order_id), toString(sum(amount)), countIf(profile_id = ''),
  (SELECT count() FROM interactions WHERE profile_id = '' AND order_currency = 'EUR') FROM order_items WHERE currency = 'EUR'`;
const exact = `3002,500,"${(Array.from({ length: 3_000 }, (_, i) => 105 * ((i % 5) - 1)).reduce((a, b) => a + b, 0) - 105 + 1_000) / 1_000}",0,1\n`;

test('a file goes in whole, equal lines stay, a bad row is named, and a second import adds nothing and says so', async () => {
  const first = await kenal(dataDir, ['import', file, '--map', map, '--json']);
  const summary = JSON.parse(first.stdout);
  expect(summary).toMatchObject({ rows: 3_003, accepted: 3_002, rejected: 1, withoutIdentifier: 1, stored: true });
  expect(summary).toMatchObject({ new: 3_002, known: 0, refusedLater: 0 });
  expect(summary.errors).toMatchObject([{ line: 3_003, column: 'n', reason: '"many" is not a number' }]);
  expect(first.code).toBe(1); // not all of it got in
  expect(readFileSync(summary.errorsFile, 'utf8')).toContain('"line":3003');
  expect((await kenal(dataDir, ['sql', figures, '-f', 'csv'])).stdout).toBe(exact);
  const again = await kenal(dataDir, ['import', file, '--map', map]);
  expect(again.stdout).toMatch(/new +0\n +known before +3,002\n/);
  expect((await kenal(dataDir, ['sql', figures, '-f', 'csv'])).stdout).toBe(exact);
});

test('of a longer file only the rows that were not there before are new; without waiting nobody can tell', async () => {
  const longer = join(folder, 'longer.csv');
  const more = ['o901', 'o902'].map((id) => `${id},sku1,1,0,2026-01-01 10:00,x@example.com`);
  writeFileSync(longer, `${rows.slice(0, 11).join('\n')}\n${more.join('\n')}\n`);
  const told = async (...more: string[]) =>
    JSON.parse((await kenal(dataDir, ['import', longer, '--map', map, '--json', ...more])).stdout);
  expect(await told()).toMatchObject({ accepted: 12, new: 2, known: 10 });
  expect(await told('--no-wait')).toMatchObject({ accepted: 12, new: null, known: null, stored: null });
});

test('killed in the middle it goes on where it was, and all is there once', async () => {
  const long = join(folder, 'long.csv');
  const lines = Array.from(
    { length: 40_000 },
    (_, i) => `long${i % 9_000},sku${i % 7},1,1,2026-02-01 10:00,p${i % 200}@example.com`,
  );
  writeFileSync(long, `id,item,n,price,at,mail\n${lines.join('\n')}\n`);
  const longMap = join(folder, 'long.yaml');
  writeFileSync(longMap, mapping.replace('EUR', 'CHF'));
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'import', long, '--map', longMap, '--data', dataDir]);
  const imports = join(dataDir, 'imports');
  await until('the first batch', async () =>
    existsSync(imports) && readdirSync(imports).some((name) => name.endsWith('.json')) ? true : null,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { stdout } = await kenal(dataDir, ['import', long, '--map', longMap, '--resume', '--json']);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({ rows: 40_000, accepted: 40_000, rejected: 0, stored: true });
  expect(summary).toMatchObject({ new: 40_000, known: 0 }); // of the import as a whole, both runs
  expect(summary.resumedAt).toBeGreaterThan(0);
  const answer = await kenal(dataDir, [
    'sql',
    "SELECT count(), sum(amount) FROM order_items WHERE currency = 'CHF'",
    '-f',
    'csv',
  ]);
  expect(answer.stdout).toBe('40000,40000\n');
});

test('with --data and nothing running it opens Kenal itself, ends when all is stored, and so do sql and profile', async () => {
  const other = await migratedDirectory();
  const done = await kenal(dataDir, ['import', file, '--map', map, '--data', other, '--json']);
  expect(JSON.parse(done.stdout)).toMatchObject({ accepted: 3_002, stored: true });
  expect((await kenal(dataDir, ['sql', figures, '-f', 'csv', '--data', other])).stdout).toBe(exact);
  const profile = await kenal(dataDir, ['profile', 'email:p7@example.com', '--json', '--data', other]);
  expect(JSON.parse(profile.stdout).identifiers).toHaveLength(1);
  expect(existsSync(endpointsPath(other))).toBe(false);
});

test('a row too large for an event is an error of that row, and all others go in', async () => {
  const wide = join(folder, 'wide.ndjson');
  const row = (n: number, length: number) => JSON.stringify({ who: `wide${n}`, note: 'x'.repeat(length) });
  // fine; over what the server takes as one event; over what is sent; over a whole body; fine
  const sizes = [10, 100_000, 2_000_000, 5_000_000, 10];
  writeFileSync(wide, sizes.map((length, n) => `${row(n, length)}\n`).join(''));
  const wideMap = join(folder, 'wide.yaml');
  writeFileSync(wideMap, 'event: Noted\nidentifiers: { user_id: who }\nproperties: { note: note }\n');
  const summary = JSON.parse((await kenal(dataDir, ['import', wide, '--map', wideMap, '--json'])).stdout);
  expect(summary).toMatchObject({ rows: 5, accepted: 2, rejected: 3, stored: true });
  const errors = [...summary.errors].sort((a, b) => a.line - b.line);
  expect(errors.map(({ line, code }) => [line, code])).toEqual([2, 3, 4].map((line) => [line, 'event_too_large']));
});

test('a dry run checks every row, shows the first ones as interactions, and sends nothing', async () => {
  const { stdout, code } = await kenal(temporaryDirectory(), ['import', file, '--map', map, '--dry-run', '--json']);
  expect(code).toBe(1); // as the import itself
  const { rows: shown, checked } = JSON.parse(stdout);
  expect(shown).toHaveLength(5);
  expect(shown[0].interaction.properties).toMatchObject({ order_line: true, revenue: '-0.105' });
  expect(checked).toMatchObject({ rows: 3_003, good: 3_002, bad: 1, withoutIdentifier: 1, badByColumn: { n: 1 } });
  expect(checked.errors).toMatchObject([{ line: 3_003, column: 'n', reason: '"many" is not a number' }]);
  const read = await kenal(temporaryDirectory(), ['import', file, '--map', map, '--dry-run']);
  expect(read.stdout).toMatch(/rows +3,003\ngood +3,002\nbad +1\n/);
  expect(read.stderr).toContain('line 3003, n: "many" is not a number');
});

test('gen gives the same bytes for the same seed, and its events can be sent', async () => {
  const folder = temporaryDirectory();
  const args = (name: string): string[] => [
    'gen',
    '--seed',
    '5',
    '--people',
    '20',
    '--events',
    '300',
    '--out',
    join(folder, name),
    '--truth',
    join(folder, `${name}.truth`),
  ];
  for (const name of ['a', 'b']) expect((await kenal(folder, args(name))).code).toBe(0);
  expect(readFileSync(join(folder, 'a'))).toEqual(readFileSync(join(folder, 'b')));
  expect(readFileSync(join(folder, 'a.truth'))).toEqual(readFileSync(join(folder, 'b.truth')));
  const sent = await kenal(dataDir, ['send', '--file', join(folder, 'a')]);
  expect(sent).toMatchObject({ code: 0, stdout: '300 accepted\n' });
});

test('gen people writes records with their mapping, the same bytes for the same seed', async () => {
  const folder = temporaryDirectory();
  const args = (name: string): string[] => [
    'gen',
    'people',
    '--seed',
    '5',
    '--records',
    '300',
    '--out',
    join(folder, name),
  ];
  for (const name of ['a.csv', 'b.csv']) expect((await kenal(folder, args(name))).code).toBe(0);
  const file = readFileSync(join(folder, 'a.csv'), 'utf8');
  expect(file).toBe(readFileSync(join(folder, 'b.csv'), 'utf8'));
  expect(file.split('\n')).toHaveLength(1 + 300 + 1);
  expect(readFileSync(join(folder, 'a.map.yaml'), 'utf8')).toContain('identifiers:\n  email: email\n');
  const piped = await kenal(folder, args('c.csv').slice(0, -2));
  expect(piped).toMatchObject({ code: 0, stdout: file });
  const chosen = ['--columns', 'record_id,truth,full_name', '--cultures', 'vietnamese', '--per-person', '3', '--json'];
  const told = JSON.parse((await kenal(folder, [...args('d.csv'), ...chosen])).stdout);
  expect(told).toMatchObject({ records: 300, out: join(folder, 'd.csv'), map: join(folder, 'd.map.yaml') });
  const lines = readFileSync(join(folder, 'd.csv'), 'utf8').split('\n');
  expect(lines[0]).toBe('record_id,truth,full_name');
  expect(lines.filter((line) => /Nguy|Tr[ầa]n|L[êe]/.test(line)).length).toBeGreaterThan(30);
});
