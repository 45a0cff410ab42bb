import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { growthOf } from './census.ts';
import { checkImport } from './check-import.ts';
import { parseMapping } from './mapping-file.ts';
import { normaliserFor } from './nobodies.ts';
import { prepareImport } from './prepare.ts';

const NOON = Date.UTC(2026, 10, 22, 12) * 1_000;
const MAP = 'event: Noted\ntime: at\nidentifiers: { user_id: who }\nproperties: { note: note }\n';

async function check(rows: readonly string[]) {
  const path = join(mkdtempSync(join(tmpdir(), 'kenal-check-')), 'rows.csv');
  writeFileSync(path, `at,who,note\n${rows.join('\n')}\n`);
  const mapping = { path: 'map.yaml', text: MAP, mapping: parseMapping(MAP, 'map.yaml') };
  const told: number[] = [];
  const normalise = normaliserFor(null, undefined, undefined);
  const prepared = await prepareImport(path, mapping, 'UTC');
  const result = await checkImport(prepared, NOON, normalise, (_bytes, seen) => told.push(seen));
  return { ...result, told };
}

test('what the tracking API itself would refuse is found before anything is sent', async () => {
  const checked = await check([
    '2026-01-01 10:00,a,fine',
    `2026-01-01 10:00,b,${'x'.repeat(40_000)}`,
    '2026-12-24 10:00,c,next month',
    '2026-01-01 10:00,,nobody',
  ]);
  expect(checked).toMatchObject({ rows: 4, good: 2, bad: 2, withoutIdentifier: 1, badByColumn: { '': 2 } });
  expect(checked.errors.map(({ line, code }) => [line, code])).toEqual([
    [3, 'event_too_large'],
    [4, 'event_in_future'],
  ]);
  expect(checked.preview[0]).toEqual({
    line: 2,
    interaction: {
      ...{ type: 'track', event: 'Noted', userId: 'a', timestamp: '2026-01-01T10:00:00.000Z' },
      properties: { note: 'fine' },
    },
  });
});

test('values of good rows that name nobody are counted by kind, with the first of each', async () => {
  const { nobodies, withoutIdentifier } = await check([
    '2026-01-01 10:00,guest,',
    '2026-01-01 10:00,fine,',
    '2026-01-01 10:00,0000,',
    '2026-01-01 10:00,unknown,',
    'soon,null,',
  ]);
  expect([nobodies.values, withoutIdentifier]).toEqual([3, 0]);
  expect(nobodies.examples).toMatchObject([
    { type: 'user_id', value: 'guest', reason: 'placeholder', values: 2 },
    { type: 'user_id', value: '0000', reason: 'zeros', values: 1 },
  ]);
});

test('all bad rows are counted, by column, and the first ones are kept', async () => {
  const rows = Array.from({ length: 2_500 }, (_, i) => (i % 2 === 0 ? `soon,u${i},` : `2026-01-01 10:00,u${i},x`));
  const checked = await check(['2026-01-01 10:00,u,x', ...rows, 'too,few']);
  expect(checked).toMatchObject({ rows: 2_502, good: 1_251, bad: 1_251, badByColumn: { at: 1_250, '': 1 } });
  expect(checked.errors).toHaveLength(20);
  expect(checked.errors[0]).toMatchObject({ line: 3, column: 'at', reason: expect.stringContaining('"soon"') });
  expect(checked.told).toEqual([1_000, 2_000, 2_502]);
});

test.each([
  ['all of them new', { stored: 5, refused: 0 }, { stored: 8, refused: 0 }, { new: 3, known: 0, refusedLater: 0 }],
  ['some imported before', { stored: 5, refused: 1 }, { stored: 6, refused: 2 }, { new: 1, known: 1, refusedLater: 1 }],
  ['more than came: somebody else imports too', { stored: 5, refused: 0 }, { stored: 9, refused: 0 }, null],
  ['fewer than before: something was erased', { stored: 5, refused: 0 }, { stored: 4, refused: 0 }, null],
  ['no first count', null, { stored: 4, refused: 0 }, null],
] as const)('three accepted rows, %s', (_promise, before, after, growth) => {
  expect(growthOf(before, after, 3)).toEqual(growth);
});
