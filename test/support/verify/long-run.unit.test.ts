import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SIZES, withLongRun } from './long-run.ts';
import { ROOT } from './run.ts';

const readme = readFileSync(`${ROOT}/test/README.md`, 'utf8');
const results = [{ step: 'ledger', seconds: 600, passed: 8, failed: [], skipped: [] }];

test('a long run takes the place of the last one in test/README.md and leaves the rest as it is', () => {
  const once = withLongRun(readme, results, '2 × somewhere', new Date('2026-11-22T10:00:00Z'));
  expect(once).toContain('2026-11-22, 2 × somewhere, KENAL_PROPERTY_RUNS=3000');
  expect(once).toContain('8 passed, 0 failed');
  const again = withLongRun(once, results, '2 × somewhere', new Date('2026-11-23T10:00:00Z'));
  expect(again).toBe(once.replace('2026-11-22', '2026-11-23'));
  expect(again.split('<!--')[0]).toBe(readme.split('<!--')[0]);
  expect(() => withLongRun('no markers', results, '', new Date())).toThrow('lost the markers');
});

test('test/README.md tells the sizes of both runs', () => {
  for (const name of Object.keys(SIZES.short) as (keyof typeof SIZES.short)[]) {
    const [short, long] = [SIZES.short[name], SIZES.long[name]].map((size) => Number(size).toLocaleString('en-GB'));
    expect(readme).toMatch(new RegExp(`\\| \`${name}\` +\\| +${short} +\\| +${long} +\\|`));
  }
});
