/** A part of `npm test` that vitest runs. */
export const SUITES = ['unit', 'integration', 'conformance', 'e2e', 'ledger'] as const;
export type Suite = (typeof SUITES)[number];

/** Files of one suite that run at the same time, on two cores. The ledger measures how long a client waits, so it is alone. */
export const WORKERS: Readonly<Record<Suite, number>> = { unit: 2, integration: 2, conformance: 1, e2e: 2, ledger: 1 };

/**
 * Which suite runs a test file. The folder says what is proved, the name says what it costs:
 * `test/chaos/embedded.e2e.test.ts` → ledger, `packages/state/src/redis/redis.int.test.ts` → integration.
 * @returns null for a name that no suite runs, which `npm test` reports as a fault
 */
export function suiteOf(path: string): Suite | null {
  if (path.endsWith('.unit.test.ts')) return 'unit';
  if (path.startsWith('test/chaos/')) return 'ledger';
  if (path.startsWith('test/conformance/')) return 'conformance';
  if (path.endsWith('.e2e.test.ts')) return 'e2e';
  return path.endsWith('.int.test.ts') ? 'integration' : null;
}
