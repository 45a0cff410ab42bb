import { expect, it } from 'vitest';
import { splitStatements } from './split-statements.ts';

it('splits at semicolons that end a statement, and at no others', () => {
  const text = `-- first; not a statement
    SELECT ';', 'it''s;', 'a\\';b', "x;", \`y;\` /* no; */ ; ;
    -- only a comment;
    SELECT 2`;
  const statements = splitStatements(text);
  expect(statements).toHaveLength(2);
  expect(statements[0]).toContain('/* no; */');
  expect(statements[1]).toMatch(/SELECT 2$/);
});

it('finds no statement in blanks and comments', () => {
  expect(splitStatements(' ;; -- x\n /* y */ ')).toEqual([]);
});
