import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRowErrors } from './row-errors.ts';

const ERROR = { line: 2, column: 'n', code: 'bad_row', reason: 'no number' };

test('errors are in the file once it is closed; without one there is no file', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'kenal-errors-')), 'rows.errors.ndjson');
  const errors = createRowErrors(path, false);
  expect(errors.path).toBeNull();
  for (const line of [2, 3]) errors.add({ ...ERROR, line });
  await errors.close();
  expect(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).line),
  ).toEqual([2, 3]);
});

test.each(['/dev/full', join(tmpdir(), 'nobody', 'is', 'here')])(
  'a file that cannot be written is told: %s',
  async (path) => {
    const errors = createRowErrors(path, true);
    for (let line = 0; line < 3; line++) errors.add({ ...ERROR, line });
    await expect(errors.close()).rejects.toThrow(/cannot be written: E(NOSPC|NOENT)/);
    expect(errors.count).toBe(3);
  },
);
