import { setTimeout as sleep } from 'node:timers/promises';
import { DIRECTIVES_APPLIED_PARTITION, type IdentityState } from '@kenal/contracts';
import type { Settle } from '@kenal/event-log';

/** How far a decision has come. */
export interface Settled {
  /** The identity state has it: profiles, and every event from now on, are as decided. */
  readonly applied: boolean;
  /** What followed from it is in the warehouse too. */
  readonly settled: boolean;
}

/** @param position of the directive in the topic */
export type AskSettled = (
  workspace: string,
  position: number,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Settled>;

const POLL_MS = 50;

/**
 * A directive is applied once the mark of those that are carried out lies behind it: the resolver raises it after the commits
 * of the directive and after their changes are on the topic. What is on the topics then is stored when `settle` says so.
 */
export function createAskSettled(state: Pick<IdentityState, 'processed'>, settle: Settle): AskSettled {
  return async function ask(workspace, position, timeoutMs, signal) {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const [at] = await state.processed([workspace], [DIRECTIVES_APPLIED_PARTITION]);
      if ((at?.offset ?? -1) > position) break;
      if (performance.now() >= deadline || signal.aborted) return { applied: false, settled: false };
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    return { applied: true, settled: await settle(Math.max(0, deadline - performance.now()), signal) };
  };
}
