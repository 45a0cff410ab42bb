import { randomUUID } from 'node:crypto';

/** How long a relay that died may hold up the outbox of a workspace. A living one renews. */
export const DEFAULT_LEASE_MS = 10_000;

/** A token of one relay call: two calls of one holder must not pass for each other. */
export function leaseToken(holder: string): string {
  return `${holder}/${randomUUID()}`;
}

/**
 * Run `work` and renew a lease of `leaseMs` meanwhile, so that a slow send of a living relay keeps its place.
 * A renewal that fails is no error here: whoever drops messages afterwards checks the token again.
 */
export async function whileRenewing<T>(
  leaseMs: number,
  renew: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(() => void renew().catch(() => {}), Math.max(1, Math.floor(leaseMs / 3)));
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
