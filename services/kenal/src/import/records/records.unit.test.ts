import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecordKind } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { checkRecords, prepareRecords } from './index.ts';

const NOON = Date.UTC(2026, 10, 22, 12) * 1_000;
const source = { workspace: 'shop', id: 'import', currency: 'EUR', declaredTypes: [] };
const folder = mkdtempSync(join(tmpdir(), 'kenal-records-'));
let files = 0;

async function check(kind: RecordKind, content: string, map?: string, name = 'rows.csv') {
  const path = join(folder, `${files++}-${name}`);
  writeFileSync(path, content);
  const mapPath = map === undefined ? undefined : `${path}.yaml`;
  if (mapPath !== undefined) writeFileSync(mapPath, map ?? '');
  const prepared = await prepareRecords(path, kind, mapPath, 'Europe/London');
  return checkRecords(prepared, { source, receivedAt: NOON });
}

test('columns are fields; times without a zone are the workspace’s, amounts keep their digits, empty cells say nothing', async () => {
  const rows =
    'item_id,amount,list,from,to,shade\n85123A,2.50,,2026-07-01,,blue\n71053,3,club,2026-01-01,2026-02-01,\n';
  expect((await check('price', rows)).preview).toEqual([
    { kind: 'price', item_id: '85123A', amount: '2.5', from: '2026-06-30T23:00:00.000Z', shade: 'blue' },
    {
      ...{ kind: 'price', item_id: '71053', amount: '3', list: 'club' },
      // The day is meant whole
      ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-02-02T00:00:00.000Z' },
    },
  ]);
});

test('a `to` that is a day ends with it, in the zone of its column and over a change of clocks; one with a time at that time', async () => {
  const until = async (cells: readonly string[], to: string): Promise<unknown[]> => {
    const rows = cells.map((cell, n) => `${n},"${cell}"\n`).join('');
    const { preview } = await check('item', `id,until\n${rows}`, `id: id\nto: ${to}\nfields: {}\n`);
    return preview.map((record) => record.to);
  };
  expect(
    await until(['2026-12-31', '2026-12-31 12:00', '2026-03-29'], '{ column: until, zone: Europe/Berlin }'),
  ).toEqual([...['2026-12-31T23:00:00.000Z', '2026-12-31T11:00:00.000Z', '2026-03-29T22:00:00.000Z']]);
  expect(await until(['31.12.2026'], '{ column: until, date: dd.MM.yyyy }')).toEqual(['2027-01-01T00:00:00.000Z']);
  expect(await until(['202612311200'], '{ column: until, date: yyyyMMddHHmm }')).toEqual(['2026-12-31T12:00:00.000Z']);
  expect(await until(['1798718400'], 'until')).toEqual(['2026-12-31T12:00:00.000Z']);
});

test('what is nested in a JSON row stays whole', async () => {
  const row = '{"id":"A","name":"Mug","size":{"height":9.5},"tags":["x"]}\n';
  const { preview } = await check('item', row, undefined, 'rows.ndjson');
  expect(preview).toEqual([{ kind: 'item', id: 'A', name: 'Mug', size: { height: 9.5 }, tags: ['x'] }]);
});

test('bad rows are told with line and column, the others are good', async () => {
  const rows =
    'item_id,amount,from\nA,"1,50",2026-01-01\nB,1,2026-13-01\nC,1,2026-01-01\n,1,2026-01-01\nE,1.1234567,\n';
  const { good, badByColumn, errors } = await check('price', rows);
  expect([good, badByColumn]).toEqual([1, { amount: 2, from: 1, item_id: 1 }]);
  expect(errors.map(({ line, column, code }) => [line, column, code])).toEqual([
    [2, 'amount', 'row_refused'],
    [3, 'from', 'row_refused'],
    [5, 'item_id', 'record_missing_field'],
    [6, 'amount', 'record_bad_field'],
  ]);
});

test('what would name a person is refused before anything is sent, and so is a mapping of events', async () => {
  await expect(check('account', 'id,name,email\n1,ACME,a@example.com\n')).rejects.toThrow(/email would name a person/);
  const map = (text: string) => check('account', 'id,mail\n1,a@example.com\n', text);
  await expect(map('id: id\nfields: { phone: mail }\n')).rejects.toThrow(/phone would name a person/);
  await expect(map('identifiers: { email: mail }\nfields: {}\n')).rejects.toThrow(/identifiers/);
  await expect(map('id: id\nfields: { name: company }\n')).rejects.toThrow(/column company/);
});

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
test.each([
  ['item', 'items.csv', undefined, 3],
  ['price', 'prices.csv', 'prices.yaml', 5],
] as const)('the example of kind %s fits its sample rows', async (kind, file, map, rows) => {
  const path = (name: string): string => join(examples, 'records', name);
  const prepared = await prepareRecords(path(file), kind, map && path(map), 'UTC');
  const { good, bad, preview } = await checkRecords(prepared, { source, receivedAt: NOON });
  expect([good, bad]).toEqual([rows, 0]);
  for (const name of readdirSync(join(examples, 'records')))
    expect(readFileSync(join(examples, 'README.md'), 'utf8')).toContain(`(records/${name})`);
  if (kind !== 'price') return;
  expect(preview[4]).toMatchObject({ amount: '1085', currency: 'GBP' });
  expect(preview[2]).toMatchObject({ list: 'club', to: '2027-01-01T00:00:00.000Z' });
});
