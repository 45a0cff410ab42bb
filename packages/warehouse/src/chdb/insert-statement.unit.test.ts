import { expect, it } from 'vitest';
import { parseInsert } from './insert-statement.ts';

it('reads the plain form of an insert, with or without columns', () => {
  expect(parseInsert('INSERT INTO kenal.t FORMAT JSONEachRow')).toEqual({
    ...{ table: 'kenal.t', columns: null, format: 'JSONEachRow' },
  });
  expect(parseInsert('insert into `t` (a, `b`)\nformat csv;')).toEqual({
    ...{ table: 't', columns: ['a', 'b'], format: 'CSV' },
  });
});

it('leaves every other form to the engine', () => {
  for (const sql of [
    'INSERT INTO t VALUES (1)',
    'INSERT INTO t SELECT 1',
    'INSERT INTO t (* EXCEPT(a)) FORMAT CSV',
    'INSERT INTO t FORMAT Parquet',
    'INSERT INTO FUNCTION file(x) FORMAT CSV',
    'INSERT INTO t SETTINGS a = 1 FORMAT CSV',
  ])
    expect(parseInsert(sql), sql).toBeNull();
});
