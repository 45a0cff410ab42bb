import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { cellsOf, csvLine } from './csv.ts';
import { mapFile } from './map-file.ts';
import { COLUMNS } from './profile.ts';
import { PROFILES } from './profiles.ts';
import { records } from './testing.ts';

test('what is read back is what was written', () => {
  const cells = [
    ['a', 'b, c', '"quoted"', 'two\nlines', ''],
    ['', ' spaces ', 'Đặng', '\r', '""'],
  ];
  expect(parse(cells.map(csvLine).join(''))).toEqual(cells);
  const rows = records({ profile: 'dirty' }).map((record, at) => cellsOf(record, at + 1, COLUMNS));
  expect(parse(rows.map(csvLine).join(''))).toEqual(rows);
});

test.each(Object.values(PROFILES))('the mapping of "$summary" names each of its columns once', ({ columns }) => {
  const text = mapFile(columns, 'made by a test');
  const named = [...text.matchAll(/: (\w+)$/gm)].map(([, column]) => column!);
  expect(named.sort()).toEqual(columns.toSorted());
  expect(text).toMatch(/^# made by a test\nid: record_id\ntruth: truth\n/);
});
