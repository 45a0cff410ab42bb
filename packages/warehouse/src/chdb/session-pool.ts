import { KenalError } from '@kenal/errors';
import type { Role } from '../warehouse.ts';
import { GuardedSession, type NativeAnswer, type NativeRequest, type TakeBytes } from './guarded-session.ts';
import { Killer } from './killer.ts';
import { Lane } from './lane.ts';
import type { Native } from './native.ts';

/** Runs requests on sessions, here or on another thread. */
export interface Pool {
  /**
   * Run a request on a session of its role.
   * @param take gets the bytes as they come, where the answer can be given in pieces; the answer itself then has none
   * @throws KenalError `overloaded` where too many wait, the signal's reason where it is aborted, or the engine's error
   */
  run(role: Role, request: NativeRequest, signal?: AbortSignal, take?: TakeBytes): Promise<NativeAnswer>;
  /** Refuse new requests, wait for those that run, let go. */
  close(): Promise<void>;
}

// Reads and settings only; the engine itself refuses to lift it again.
const READ_ONLY = 'SET readonly = 2';

export interface PoolOptions {
  /** Sessions; the writer has one of its own. */
  readonly readers: number;
  readonly analysts: number;
  /** Requests of one role that may wait; more are refused as `overloaded`. */
  readonly mostWaiting: number;
}

/**
 * The native sessions of one process: one for writes, some for Kenal's own reads, some for statements of analysts, one
 * query at a time on each. Whoever waits for a role does so by workspace, and the workspaces take turns.
 * A caller that goes away is let go at once; the engine is told to end a query that reads, and its session stays taken until it has.
 */
export class SessionPool implements Pool {
  readonly #lanes: Readonly<Record<Role, Lane<GuardedSession>>>;
  readonly #killer: Killer;
  #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(native: Native, { readers, analysts, mostWaiting }: PoolOptions) {
    this.#killer = new Killer(native);
    let last = 0;
    const sessions = (count: number, fixed: string) =>
      Array.from({ length: count }, () => new GuardedSession(native, fixed, `kenal-${++last}`));
    // The last session is kept for another workspace
    const reading = (count: number) =>
      new Lane(sessions(count, READ_ONLY), { mostWaiting, mostOfOne: Math.max(1, count - 1) });
    this.#lanes = {
      reader: reading(readers),
      analyst: reading(analysts),
      writer: new Lane(sessions(1, ''), { mostWaiting, mostOfOne: 1 }),
    };
  }

  run(role: Role, request: NativeRequest, signal?: AbortSignal, take?: TakeBytes): Promise<NativeAnswer> {
    if (this.#closed) return Promise.reject(stopping());
    const lane = this.#lanes[role];
    const workspace = String(request.settings.log_comment ?? '');
    const native = lane.take(workspace, signal).then(async (session) => {
      const work = session.run(request, take);
      const ended = role === 'writer' ? null : this.#endWhere(signal, session, work);
      try {
        return await work;
      } finally {
        await ended?.();
        lane.give(workspace, session);
      }
    });
    const tracked: Promise<unknown> = native.catch(() => undefined).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return letGo(native, signal);
  }

  /** @returns waits for a kill that is on its way: it must not meet the next statement of the session */
  #endWhere(signal: AbortSignal | undefined, session: GuardedSession, work: Promise<unknown>): () => Promise<void> {
    let ending: Promise<void> | undefined;
    const end = () => {
      ending = this.#killer.end(session, work);
    };
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
    return async () => {
      signal?.removeEventListener('abort', end);
      await ending;
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const lane of Object.values(this.#lanes)) lane.clear(stopping());
    await Promise.all(this.#running);
    for (const lane of Object.values(this.#lanes)) for (const session of lane.sessions) session.close();
    this.#killer.close();
  }
}

function stopping(): KenalError {
  return new KenalError('unavailable', 'the warehouse is closed');
}

/** The work's outcome, or a rejection as soon as the signal fires; the work itself goes on. */
export function letGo<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return signal ? Promise.race([work, aborted(signal, work)]) : work;
}

/** Rejects when the signal fires; gives up waiting for it when the work is done. */
function aborted(signal: AbortSignal, work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const fire = () => reject(signal.reason);
    signal.addEventListener('abort', fire, { once: true });
    const done = () => signal.removeEventListener('abort', fire);
    work.then(done, done);
  });
}
