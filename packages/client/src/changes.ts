import { type Call, queryOf } from './call.ts';
import { KenalApiError, problemError } from './errors.ts';
import { type ServerEvent, serverEvents } from './sse.ts';
import { backOffMs, wait } from './wait.ts';
import type { ChangeEnvelope, ChangeFilter } from './wire.ts';

export interface SubscribeOptions {
  /** Where to begin: the cursor of the last change that was dealt with. */
  readonly after?: string | undefined;
  /** Where to begin without one: `latest` (default), `earliest` that the feed still has, or a time in ISO 8601. */
  readonly from?: string | undefined;
  /** All that is given must hold, of each list one entry. */
  readonly filter?: ChangeFilter | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** A change, and where whoever has dealt with it goes on. */
export interface SubscribedChange {
  readonly change: ChangeEnvelope;
  readonly cursor: string;
}

export interface Changes {
  /**
   * Changes of profiles as they come, in their order per profile, none left out: where the connection breaks it is made again
   * from the last change on. Ends with the signal, or when somebody breaks out of the loop. A change may come twice over
   * several runs, never a version of a profile after a later one.
   * @throws KenalApiError where coming back will not help (`unknown_key`, `cursor_gone`, `bad_query` …)
   */
  subscribe(options?: SubscribeOptions): AsyncGenerator<SubscribedChange, void, undefined>;
}

/** Kenal sends a sign of life every 15 s. */
const SILENCE_MS = 45_000;

/** A connection that ended, or fell silent: another one helps. */
class Broken extends Error {}

export function createChanges(call: Call, authorization: Readonly<Record<string, string>>): Changes {
  async function connect(
    path: string,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const accept = { ...authorization, accept: 'text/event-stream' };
    const headers = cursor === null ? accept : { ...accept, 'last-event-id': cursor };
    const { body } = await call(path, { headers, signal, isStream: true });
    if (body === null) throw new Broken();
    return body;
  }

  /** Until the connection breaks. @param reached told every cursor, also of what the filter left out */
  async function* follow(path: string, cursor: string | null, reached: (cursor: string) => void, signal?: AbortSignal) {
    const ending = new AbortController();
    const end = (): void => ending.abort(new Broken());
    signal?.addEventListener('abort', end);
    let silence: ReturnType<typeof setTimeout> | undefined;
    try {
      const body = await connect(path, cursor, ending.signal);
      // Only now: before, a server may have asked for more patience than that
      silence = setTimeout(end, SILENCE_MS);
      for await (const event of serverEvents(body)) {
        clearTimeout(silence);
        if (event.event === 'fault') throw faultOf(event);
        if (event.id !== '') reached(event.id);
        if (event.event === '' && event.data !== null) {
          yield { change: JSON.parse(event.data) as ChangeEnvelope, cursor: event.id };
          if (hasEnded(signal)) return;
        }
        silence = setTimeout(end, SILENCE_MS);
      }
      throw new Broken();
    } finally {
      clearTimeout(silence);
      signal?.removeEventListener('abort', end);
      ending.abort(new Broken());
    }
  }

  return {
    async *subscribe({ after, from, filter = {}, signal } = {}) {
      const path = `/v1/changes${queryOf({ ...filter, ...(after === undefined ? { from } : {}) })}`;
      let cursor = after ?? null;
      let fruitless = 0;
      const reached = (next: string): void => {
        cursor = next;
        fruitless = 0;
      };
      while (!hasEnded(signal)) {
        try {
          yield* follow(path, cursor, reached, signal);
        } catch (error) {
          if (hasEnded(signal)) return;
          if (!isPassing(error)) throw error;
        }
        await wait(backOffMs(fruitless, null), signal);
        fruitless += 1;
      }
    },
  };
}

/** The connection, not what was asked for, is at fault. */
function isPassing(error: unknown): boolean {
  return !(error instanceof KenalApiError) || error.status === 429 || error.status >= 500;
}

function faultOf({ data }: ServerEvent): KenalApiError {
  return problemError(JSON.parse(data ?? '{}') as object, 0);
}

/** A function, because the compiler takes the flag for what it was before the wait. */
function hasEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
