import { KenalError } from '@kenal/errors';
import type { Role } from '../warehouse.ts';
import { GuardedSession, type NativeAnswer, type NativeRequest } from './guarded-session.ts';
import type { Native } from './native.ts';

interface Waiting {
  readonly start: (session: GuardedSession) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly sessions: readonly GuardedSession[];
  readonly free: GuardedSession[];
  readonly queue: Waiting[];
}

/** Runs requests on sessions, here or on another thread. */
export interface Pool {
  /**
   * Run a request on a session of its role.
   * @throws KenalError `overloaded` where too many wait, the signal's reason where it is aborted, or the engine's error
   */
  run(role: Role, request: NativeRequest, signal?: AbortSignal): Promise<NativeAnswer>;
  /** Refuse new requests, wait for those that run, let go. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Sessions of readers; the writer has one of its own. */
  readonly readers: number;
  /** Requests of one role that may wait; more are refused as `overloaded`. */
  readonly mostWaiting: number;
}

/**
 * The native sessions of one process: one for writes, some for reads, one query at a time on each.
 * A caller that goes away is let go at once, but its session stays taken until the engine is done with the query.
 */
export class SessionPool implements Pool {
  readonly #lanes: Readonly<Record<Role, Lane>>;
  readonly #mostWaiting: number;
  #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(native: Native, options: PoolOptions) {
    this.#mostWaiting = options.mostWaiting;
    // readonly = 2: reads and settings only; the engine itself refuses to lift it again.
    const readers = Array.from({ length: options.readers }, () => new GuardedSession(native, 'SET readonly = 2'));
    const writer = [new GuardedSession(native, '')];
    this.#lanes = {
      reader: { sessions: readers, free: [...readers], queue: [] },
      writer: { sessions: writer, free: [...writer], queue: [] },
    };
  }

  run(role: Role, request: NativeRequest, signal?: AbortSignal): Promise<NativeAnswer> {
    const native = this.#take(role, signal).then((session) =>
      session.run(request).finally(() => this.#give(role, session)),
    );
    const tracked: Promise<unknown> = native.catch(() => undefined).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return letGo(native, signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const lane of Object.values(this.#lanes))
      for (const waiting of lane.queue.splice(0)) waiting.reject(stopping());
    await Promise.all(this.#running);
    for (const lane of Object.values(this.#lanes)) for (const session of lane.sessions) session.close();
  }

  #take(role: Role, signal?: AbortSignal): Promise<GuardedSession> {
    if (this.#closed) return Promise.reject(stopping());
    if (signal?.aborted) return Promise.reject(signal.reason);
    const lane = this.#lanes[role];
    const session = lane.free.pop();
    if (session) return Promise.resolve(session);
    if (lane.queue.length >= this.#mostWaiting)
      return Promise.reject(new KenalError('overloaded', `${lane.queue.length} queries are waiting for the warehouse`));
    return new Promise((resolve, reject) => {
      const leave = () => {
        const at = lane.queue.indexOf(waiting);
        if (at >= 0) lane.queue.splice(at, 1);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        start: (given) => {
          signal?.removeEventListener('abort', leave);
          resolve(given);
        },
        reject,
      };
      signal?.addEventListener('abort', leave, { once: true });
      lane.queue.push(waiting);
    });
  }

  #give(role: Role, session: GuardedSession): void {
    const lane = this.#lanes[role];
    const next = lane.queue.shift();
    if (next) next.start(session);
    else lane.free.push(session);
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
