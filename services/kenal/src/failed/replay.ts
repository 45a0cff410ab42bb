import { AnswerError } from '../client/call.ts';
import {
  ClosedSource,
  createFailedCaller,
  type FailedAnswer,
  type FailedQuery,
  type FailedShown,
  listFailed,
} from '../client/failed.ts';
import type { Instance } from '../client/instance.ts';
import { untilShown } from './read-one.ts';

export interface Replayed {
  readonly looked: number;
  /** Whether there are more that were not looked at. */
  readonly more: boolean;
  readonly replayed: number;
  readonly refused: readonly {
    readonly id: string;
    readonly code: string;
    readonly path: string;
    readonly reason: string;
  }[];
}

type Fault = NonNullable<FailedAnswer['rejected']>[number];

/** Bodies in hand; one has up to 900 KB. */
const PAGE = 25;

/**
 * Send failed events again, one after the other in the order in which they came: what one person did first gets in first.
 * Those that would still be refused stay as they are, and hold up nobody behind them.
 * @param which by ids: whatever their state; else those that are open or fixed
 * @param how `most`: how many of them, the oldest; a call each
 */
export async function replayAll(
  instance: Instance,
  which: Pick<FailedQuery, 'ids' | 'source' | 'code'>,
  said: { readonly note?: string; readonly actor?: string },
  { dryRun, most }: { readonly dryRun: boolean; readonly most: number },
  onRefused: (id: string, fault: Fault) => void,
): Promise<Replayed> {
  const states = which.ids !== undefined && which.ids.length > 0 ? [] : ['open', 'fixed'];
  const found = await listFailed(instance, { ...which, states, last: most + 1, which: 'oldest' }, false);
  const chosen = found.slice(0, most);
  const decide = createFailedCaller(instance);
  let last: FailedShown | null = null;
  const refused: { id: string; code: string; path: string; reason: string }[] = [];
  for (let from = 0; from < chosen.length; from += PAGE) {
    const ids = chosen.slice(from, from + PAGE).map(({ failure_id }) => failure_id);
    for (const event of await listFailed(instance, { ids, states: [], last: PAGE }, true)) {
      const answer = await decide(dryRun ? 'check' : 'replay', event, said).catch(asRefusal);
      const [fault] = answer.rejected ?? [];
      if (answer.state === 'replayed') last = event;
      if (fault === undefined) continue;
      refused.push({ id: event.failure_id, ...fault });
      onRefused(event.failure_id, fault);
    }
  }
  if (last !== null) await untilShown(instance, last);
  const more = found.length > chosen.length;
  return { looked: chosen.length, more, replayed: chosen.length - refused.length, refused };
}

/** Too many calls, too slow a call, a key that is none: no fault of this event, and the next would fare no better. */
const NOT_ITS_FAULT: ReadonlySet<number> = new Set([401, 408, 429]);

/** What is refused for good is this event's fault alone, or its source's, which is gone or off; what may pass ends the run. */
function asRefusal(error: unknown): FailedAnswer {
  const code = refusalCode(error);
  if (code === null) throw error;
  return { rejected: [{ code, path: '$', reason: (error as Error).message }] };
}

/** @returns null where it is none */
function refusalCode(error: unknown): string | null {
  if (error instanceof ClosedSource) return error.reason;
  if (!(error instanceof AnswerError) || error.status >= 500 || NOT_ITS_FAULT.has(error.status)) return null;
  return error.code;
}
