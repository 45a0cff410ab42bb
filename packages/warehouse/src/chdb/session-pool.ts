import { KenalError } from '@kenal/errors';
import type { Role } from '../warehouse.ts';
import { GuardedSession, type NativeAnswer, type NativeRequest } from './guarded-session.ts';
import { Lane } from './lane.ts';
import type { Native } from './native.ts';

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
 * A caller that goes away is let go at once, but its session stays taken until the engine is done with the query.
 */
export class SessionPool implements Pool {
  readonly #lanes: Readonly<Record<Role, Lane<GuardedSession>>>;
  #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(native: Native, { readers, analysts, mostWaiting }: PoolOptions) {
    const sessions = (count: number, fixed: string) =>
      Array.from({ length: count }, () => new GuardedSession(native, fixed));
    // The last session is kept for another workspace
    const reading = (count: number) =>
      new Lane(sessions(count, READ_ONLY), { mostWaiting, mostOfOne: Math.max(1, count - 1) });
    this.#lanes = {
      reader: reading(readers),
      analyst: reading(analysts),
      writer: new Lane(sessions(1, ''), { mostWaiting, mostOfOne: 1 }),
    };
  }

  run(role: Role, request: NativeRequest, signal?: AbortSignal): Promise<NativeAnswer> {
    if (this.#closed) return Promise.reject(stopping());
    const lane = this.#lanes[role];
    const workspace = String(request.settings.log_comment ?? '');
    const native = lane
      .take(workspace, signal)
      .then((session) => session.run(request).finally(() => lane.give(workspace, session)));
    const tracked: Promise<unknown> = native.catch(() => undefined).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    return letGo(native, signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const lane of Object.values(this.#lanes)) lane.clear(stopping());
    await Promise.all(this.#running);
    for (const lane of Object.values(this.#lanes)) for (const session of lane.sessions) session.close();
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
