import { setTimeout as sleep } from 'node:timers/promises';
import { type IdentityState, POSITION_HEADER, readPosition } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Settle } from '@kenal/event-log';
import type { FastifyRequest } from 'fastify';

/** Where a read takes its answer from. */
export type ReadFrom = 'state' | 'warehouse';

/**
 * Wait until what the caller wrote before can be read: the position that the tracking API gave, in `X-Kenal-Position`. Without
 * one nothing is waited for. How long, says `Prefer: wait=<seconds>` (RFC 7240): 5 where it is not said, at most 30.
 * @throws KenalError `bad_query` where it is none; `unavailable` where it takes longer
 */
export type AwaitWritten = (workspace: string, request: FastifyRequest, from: ReadFrom) => Promise<void>;

const USUAL_SECONDS = 5;
const MOST_SECONDS = 30;
const POLL_MS = 10;
const WAIT = /(?:^|[,;\s])wait\s*=\s*(\d{1,4})(?=$|[,;\s])/;

/**
 * The resolver raises an offset once everything before it is decided and committed, so a profile has it then; the warehouse has
 * what stood in the log at that moment when its goal is reached.
 */
export function createAwaitWritten(state: Pick<IdentityState, 'processed'>, createGoal: () => Settle): AwaitWritten {
  async function resolved(workspace: string, wanted: ReadonlyMap<number, number>, over: () => boolean) {
    const partitions = [...wanted.keys()];
    for (;;) {
      const offsets = await state.processed([workspace], partitions);
      if (offsets.every(({ partition, offset }) => offset >= (wanted.get(partition) ?? 0))) return true;
      if (over()) return false;
      await sleep(POLL_MS);
    }
  }

  return async function awaitWritten(workspace, request, from) {
    const text = request.headers[POSITION_HEADER];
    if (text === undefined) return;
    const wanted = typeof text === 'string' ? readPosition(text) : null;
    if (wanted === null)
      throw new KenalError('bad_query', 'X-Kenal-Position must be what an answer of the tracking API had in it');
    const seconds = preferredSeconds(request.headers.prefer);
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    const deadline = performance.now() + seconds * 1_000;
    const over = (): boolean => performance.now() >= deadline || gone.signal.aborted;
    const isThere =
      (await resolved(workspace, wanted, over)) &&
      (from === 'state' || (await createGoal()(Math.max(0, deadline - performance.now()), gone.signal)));
    if (!isThere)
      throw new KenalError(
        'unavailable',
        `what was written is not resolved after ${seconds} s; ask again, or without X-Kenal-Position for what is there`,
      );
  };
}

/** How long to wait. @param prefer a header, such as `respond-async, wait=10` */
export function preferredSeconds(prefer: string | readonly string[] = ''): number {
  const asked = WAIT.exec(String(prefer))?.[1];
  return Math.min(MOST_SECONDS, asked === undefined ? USUAL_SECONDS : Number(asked));
}
