import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkRecords } from '@kenal/identity/linkage';
import { expect, test } from 'vitest';
import { generateRecords, PROFILES } from '../gen/records/index.ts';
import type { ByteColumn } from './byte-column.ts';
import { type HelperThread, openHelper } from './linkage-helper.ts';
import { readPeople } from './read-people.ts';
import { runEvaluate } from './run-evaluate.ts';

const dir = mkdtempSync(join(tmpdir(), 'kenal-files-'));
const FACTS = ['given_name', 'family_name', 'birth_date', 'email', 'phone', 'street', 'city', 'postcode'] as const;
const mapping = {
  ...{ id: 'id', truth: 'who', identifiers: { email: 'email', phone: 'phone' } },
  traits: Object.fromEntries(FACTS.filter((fact) => fact !== 'email' && fact !== 'phone').map((fact) => [fact, fact])),
};

/** Rows of a table of people, the header first. */
function rowsOf(records: number): readonly (readonly string[])[] {
  const made = [...generateRecords({ seed: 5, records, errors: 1, profile: PROFILES.typical })];
  return [
    ['id', ...FACTS, 'who'],
    ...made.map(({ facts, truth }, i) => [`r${i}`, ...FACTS.map((fact) => facts[fact]), truth]),
  ];
}

function read(name: string, text: string, helper?: HelperThread) {
  const path = join(dir, name);
  writeFileSync(path, text);
  return readPeople(path, mapping, 'the mapping', () => undefined, helper);
}

const contentOf = ({ data: { codes, ends, bytes } }: ByteColumn) => ({ codes, ends, bytes });
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const plain = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => (/[",]/.test(cell) ? quoted(cell) : cell)).join(',')).join('\n');

test('a dirty file holds the same people as a clean one', async () => {
  const rows = rowsOf(600);
  const nothing = ['NULL', 'n/a', '-', ' ', 'None', 'NaN', '?', 'unknown', '#N/A', '(null)'];
  // A byte order mark, Windows line ends, semicolons, quotes around everything, and ten ways to say nothing
  const dirty = rows
    .map((row, i) => row.map((cell, at) => quoted(cell === '' ? nothing[(i + at) % nothing.length]! : cell)).join(';'))
    .join('\r\n');
  const [clean, worn] = [await read('clean.csv', plain(rows)), await read('dirty.csv', `\ufeff${dirty}`)];
  const idsOf = ({ size, idOf }: typeof clean): string[] => Array.from({ length: size }, (_, record) => idOf(record));
  expect(idsOf(worn)).toEqual(idsOf(clean));
  const found = runEvaluate(clean, () => undefined);
  expect(found.evaluation.f1).toBeGreaterThan(0.9);
  expect(runEvaluate(worn, () => undefined).clusterOf).toEqual(found.clusterOf);
});

test('two threads find the same people as one, and learn the same model', async () => {
  const text = plain(rowsOf(3_000));
  const { columns, size } = await read('many.csv', text);
  const alone = linkRecords(columns, size, { seed: 1 });
  const thread = openHelper();
  const read2 = await read('many.csv', text, thread);
  expect(read2.columns.map(contentOf)).toEqual(columns.map(contentOf));
  const together = linkRecords(read2.columns, size, { seed: 1, helper: thread.linkage(read2.columns) });
  await thread.close();
  // Enough pairs for the other thread to be asked
  expect(alone.candidates.size).toBeGreaterThan(20_000);
  expect(together.clusters).toEqual(alone.clusters);
  expect(together.model).toEqual(alone.model);
});

test('where the second thread fails, whoever waits for it or for what follows hears why', async () => {
  await read('few.csv', plain(rowsOf(10)));
  const thread = openHelper();
  const begin = (name: string) =>
    thread.read({ path: join(dir, name), delimiter: ','.charCodeAt(0), width: FACTS.length + 2, columns: [] });
  expect(begin('few.csv')()).toEqual([]);
  const [failed, next] = [begin('none.csv'), begin('few.csv')];
  // Busy for longer than the other thread is
  rowsOf(3_000);
  const why = expect.objectContaining({
    cause: expect.objectContaining({ message: expect.stringContaining('ENOENT') }),
  });
  expect(next).toThrow(why);
  expect(failed).toThrow(why);
  await thread.close();
});
