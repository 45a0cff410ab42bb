import { expect, test } from 'vitest';
import { createStatementBuffer } from './statement-buffer.ts';

test.each([
  ['one line', ['SELECT 1;'], ['SELECT 1']],
  ['two on a line', ['SELECT 1; SELECT 2 ;'], ['SELECT 1', 'SELECT 2']],
  ['several lines', ['SELECT', '  1', ';'], ['SELECT\n  1']],
  ['a semicolon in quotes', ["SELECT ';", "' ; ", ''], ["SELECT ';\n'"]],
  [
    'escaped and doubled quotes',
    ["SELECT 'it\\'s; ''so'';', `a;b`, \";\";"],
    ["SELECT 'it\\'s; ''so'';', `a;b`, \";\""],
  ],
  ['a semicolon in comments', ['SELECT 1 -- ; no', '/* ; */ + 1;'], ['SELECT 1 -- ; no\n/* ; */ + 1']],
  ['a division and a minus', ['SELECT 4/2, 3-1;'], ['SELECT 4/2, 3-1']],
  ['nothing between semicolons', [';; ;'], []],
] as const)('%s', (_what, lines, statements) => {
  const buffer = createStatementBuffer();
  expect(lines.flatMap((line) => buffer.push(line))).toEqual(statements);
  expect(buffer.isBegun).toBe(false);
});

test('what is not complete waits, and can be dropped', () => {
  const buffer = createStatementBuffer();
  expect(buffer.push('SELECT 1; SELECT')).toEqual(['SELECT 1']);
  expect(buffer.isBegun).toBe(true);
  buffer.clear();
  expect(buffer.push('SELECT 2;')).toEqual(['SELECT 2']);
});
