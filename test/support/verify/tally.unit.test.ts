import { expect, test } from 'vitest';
import { closingLine, tableOf, tallyVitest } from './tally.ts';

const file = (name: string, ...statuses: string[]) => ({
  name: `/root/${name}`,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, n) => ({ status, fullName: `promise ${n}` })),
});

test('passed, failed and skipped tests are counted, the last two by name', () => {
  const tally = tallyVitest(
    { testResults: [file('a.ts', 'passed', 'failed'), file('b.ts', 'passed', 'pending')] },
    1,
    '/root',
  );
  expect(tally).toEqual({ passed: 2, failed: ['a.ts: promise 1'], skipped: ['b.ts: promise 1'] });
});

test('a file that cannot be loaded is a failure though it has no test', () => {
  const report = { testResults: [{ ...file('broken.ts'), status: 'failed' }, file('a.ts', 'passed')] };
  expect(tallyVitest(report, 1, '/root').failed).toEqual(['broken.ts: could not be run']);
});

test('a run that fails without a failed test, without a report or without any test is a failure', () => {
  expect(tallyVitest({ testResults: [file('a.ts', 'passed')] }, 1, '/root').failed).toHaveLength(1);
  expect(tallyVitest(null, 1, '/root').failed).toHaveLength(1);
  expect(tallyVitest({ testResults: [] }, 0, '/root').failed).toEqual(['no test was run']);
});

test('the closing line is the one that CI reads', () => {
  const tally = { passed: 2, failed: ['x'], skipped: [] };
  expect(closingLine([tally, tally])).toBe('4 passed, 2 failed');
  expect(closingLine([tally, { ...tally, skipped: ['y'] }])).toBe('4 passed, 2 failed, 1 skipped');
});

test('the table has a line for each suite and one for all', () => {
  const result = { step: 'unit', seconds: 12.34, passed: 2, failed: [], skipped: [] };
  expect(
    tableOf([result, { ...result, step: 'e2e' }])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| unit  |    12.3 |      2 |      0 |       0 |',
    '| e2e   |    12.3 |      2 |      0 |       0 |',
    '| all   |    24.7 |        |        |         |',
  ]);
});
