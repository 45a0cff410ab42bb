import { call } from './call.ts';
import type { Instance } from './instance.ts';

const POLL_SECONDS = 10;

/**
 * Wait until everything that was acknowledged up to now is resolved and stored. Its first question is asked also where
 * there is no time.
 * @param source whose write key asks
 * @returns false where it took longer than `timeoutMs`
 */
export async function waitUntilStored(
  instance: Instance,
  source: string | undefined,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  do {
    const wait = Math.max(0, Math.min(POLL_SECONDS, (deadline - performance.now()) / 1_000));
    const reply = await call(`${instance.url}/v1/settled?wait=${wait}`, { key: instance.writeKey(source) });
    if (((await reply.json()) as { settled?: unknown }).settled === true) return true;
  } while (performance.now() < deadline);
  return false;
}
