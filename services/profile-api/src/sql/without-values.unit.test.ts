import { expect, test } from 'vitest';
import { withoutValues } from './without-values.ts';

test.each([
  [
    "SELECT count() FROM people WHERE email = 'a''b\\'c' LIMIT 10",
    'SELECT count() FROM people WHERE email = ? LIMIT ?',
  ],
  ["WHERE a = ‘ann’ AND b = “ann x” AND c = $$ann's$$ AND d = $t$ $$ $t$", 'WHERE a = ? AND b = ? AND c = ? AND d = ?'],
  ['WHERE phone IN (447700900123, -1.5e3,.5, 0x1F) AND t.2 = x1', 'WHERE phone IN (?, -?..) AND t.? = x1'],
  ["SELECT 1 -- Ann's\n, 2 # Ann\n, /* 'Ann */ 'x'", 'SELECT ?..'],
  ['SELECT "profile_id" FROM `kenal`.`interactions`', 'SELECT "profile_id" FROM `kenal`.`interactions`'],
  ['WHERE email = "ann@example.com" OR `ann x` = 1', 'WHERE email = ? OR ? = ?'],
  ['WHERE id = {who:String}', 'WHERE id = {who:String}'],
  ["WHERE a = 'never closed -- ann", 'WHERE a = ?'],
  ['WHERE a = "never closed', 'WHERE a = ?'],
  ['SELECT 1 /* never closed ann', 'SELECT ?'],
])('%s', (sql, shape) => expect(withoutValues(sql)).toBe(shape));

test.each(["'\\", '"\\', '/*', '$a', "''", '1 , ', '?, ', '$'])('endless %s ends', (piece) => {
  expect(withoutValues(piece.repeat(100_000)).length).toBeLessThan(400_001);
});
