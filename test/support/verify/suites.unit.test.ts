import { expect, test } from 'vitest';
import { testFiles } from './steps.ts';
import { suiteOf } from './suites.ts';

test('every test file of the repository belongs to a suite, so that npm test forgets none', () => {
  const files = testFiles();
  expect(files).toContain('test/support/verify/suites.unit.test.ts');
  expect(files.filter((file) => suiteOf(file) === null)).toEqual([]);
});

test('a test that starts the whole is e2e, in test/chaos the ledger, in test/conformance a client', () => {
  expect(suiteOf('services/kenal/src/up/up.e2e.test.ts')).toBe('e2e');
  expect(suiteOf('test/chaos/embedded.e2e.test.ts')).toBe('ledger');
  expect(suiteOf('test/conformance/segment.e2e.test.ts')).toBe('conformance');
  expect(suiteOf('packages/state/src/redis/redis.int.test.ts')).toBe('integration');
  expect(suiteOf('test/chaos/audit.unit.test.ts')).toBe('unit');
  expect(suiteOf('packages/state/src/forgotten.test.ts')).toBeNull();
});
