import { setTimeout as sleep } from 'node:timers/promises';
import { isKenalError } from '@kenal/errors';
import { AnswerError, call } from './call.ts';

/** What the tracking API says of a batch. */
export interface BatchAnswer {
  readonly accepted: number;
  readonly rejected: readonly {
    readonly index: number;
    readonly messageId: string | null;
    readonly code: string;
    /** JSON path in the body: `$.batch[3].timestamp`. */
    readonly path: string;
    readonly reason: string;
  }[];
}

export interface PostOptions {
  readonly url: string;
  readonly key: string;
  /** Told before each wait, so that a person sees why it stands still. */
  readonly onRetry?: (error: Error, waitMs: number) => void;
  /** How long it may be refused or nobody answer before it gives up; default 5 minutes. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 300_000;
const LONGEST_WAIT_MS = 10_000;

/**
 * Post one batch, again and again while the server is busy, restarting or away. Sending a batch twice is harmless:
 * an event that was stored already counts as a duplicate.
 * @throws what the last attempt said, once patience is over or the refusal is final
 */
export async function postBatch(body: string, options: PostOptions): Promise<BatchAnswer> {
  const deadline = performance.now() + (options.patienceMs ?? PATIENCE_MS);
  for (let attempt = 0; ; attempt++) {
    try {
      const reply = await call(options.url, {
        body,
        key: options.key,
        headers: { 'content-type': 'application/json' },
      });
      return (await reply.json()) as BatchAnswer;
    } catch (error) {
      const wait = waitAfter(error, attempt);
      if (wait === null || performance.now() + wait > deadline) throw error;
      options.onRetry?.(error as Error, wait);
      await sleep(wait);
    }
  }
}

/** @returns milliseconds to wait before the next attempt, null where another attempt cannot help */
function waitAfter(error: unknown, attempt: number): number | null {
  const backOff = Math.min(LONGEST_WAIT_MS, 100 * 2 ** attempt) * (0.75 + Math.random() / 2);
  if (isKenalError(error, 'not_running')) return backOff;
  // The connection was cut while the answer came in.
  if (error instanceof TypeError || error instanceof SyntaxError) return backOff;
  if (!(error instanceof AnswerError)) return null;
  if (error.status !== 429 && error.status < 500) return null;
  return error.retryAfter === null ? backOff : Math.min(LONGEST_WAIT_MS, error.retryAfter * 1_000);
}
