/** A part of `npm test` that vitest runs. */
export const SUITES = ['unit', 'integration', 'conformance', 'e2e', 'ledger'] as const;
export type Suite = (typeof SUITES)[number];

export interface Manner {
  /** Files that run at the same time, on two cores. */
  readonly workers: number;
  /** A process for each file. Files that open nothing of the process's own share one, and what it has loaded. */
  readonly isolate: boolean;
}

/** Integration waits a third of its time, for leases and sessions of the killed. The ledger measures how long a client waits, so it is alone. */
export const MANNERS: Readonly<Record<Suite, Manner>> = {
  unit: { workers: 2, isolate: false },
  integration: { workers: 4, isolate: true },
  conformance: { workers: 1, isolate: true },
  e2e: { workers: 3, isolate: true },
  ledger: { workers: 1, isolate: true },
};

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
