import { setTimeout as sleep } from 'node:timers/promises';
import { isKenalError } from '@kenal/errors';
import type { Logger } from './logger.ts';

export interface UntilAvailableOptions {
  /** What is waited for, in the log: `the warehouse`. */
  readonly what: string;
  /** Milliseconds after which the fault is thrown after all. */
  readonly withinMs?: number;
}

const WITHIN_MS = 300_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Try until it works, as a service does at its start while what it needs is starting too. Each failed try is a warning
 * with its reason. @throws what `attempt` throws where that is not retryable, or once the time is over
 */
export async function untilAvailable<T>(
  logger: Logger,
  { what, withinMs = WITHIN_MS }: UntilAvailableOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isKenalError(error) || !error.retryable || performance.now() > deadline) throw error;
      logger.warn({ what, reason: error.message }, 'waiting');
    }
    await sleep(pause);
  }
}
