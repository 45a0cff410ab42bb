import { expect, test } from 'vitest';
import { createRowIds } from './row-ids.ts';

test('equal rows get different ids, and the same ids again in a second or a longer file', () => {
  const rows = ['a', 'b', 'a', 'a', 'c'];
  const ids = (list: readonly string[]): string[] => {
    const made = createRowIds();
    return list.map((row) => made.next(row));
  };
  const first = ids(rows);
  expect(new Set(first).size).toBe(5);
  expect(ids([...rows, 'a', 'd']).slice(0, 5)).toEqual(first);
  const many = ids(Array.from({ length: 20_000 }, (_, index) => `row ${index % 7_000}`));
  expect(new Set(many).size).toBe(20_000);
  expect(many[19_999]).toMatch(/-3$/);
});
