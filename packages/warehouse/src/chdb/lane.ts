import { KenalError } from '@kenal/errors';

interface Waiting<S> {
  readonly start: (session: S) => void;
  readonly reject: (error: unknown) => void;
}

export interface LaneOptions {
  /** Requests that may wait; more are refused as `overloaded`. */
  readonly mostWaiting: number;
  /** Sessions that the requests of one key may hold at a time. */
  readonly mostOfOne: number;
}

/** Sessions and who waits for them: the keys (workspaces) take turns, however many requests one of them brings. */
export class Lane<S> {
  readonly sessions: readonly S[];
  readonly #options: LaneOptions;
  readonly #free: S[];
  /** Whoever had the last turn stands last. No key is without requests. */
  readonly #queues = new Map<string, Waiting<S>[]>();
  readonly #held = new Map<string, number>();
  #waiting = 0;

  constructor(sessions: readonly S[], options: LaneOptions) {
    this.sessions = sessions;
    this.#free = [...sessions];
    this.#options = options;
  }

  /** @throws KenalError `overloaded`, or the signal's reason where it fires first */
  take(key: string, signal?: AbortSignal): Promise<S> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#waiting >= this.#options.mostWaiting && (this.#free.length === 0 || !this.#mayHoldMore(key)))
      return Promise.reject(new KenalError('overloaded', `${this.#waiting} queries are waiting for the warehouse`));
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#remove(key, waiting);
        reject(signal?.reason);
      };
      const waiting: Waiting<S> = {
        start: (session) => {
          signal?.removeEventListener('abort', leave);
          resolve(session);
        },
        reject,
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queues.set(key, [...(this.#queues.get(key) ?? []), waiting]);
      this.#waiting++;
      this.#next();
    });
  }

  give(key: string, session: S): void {
    const held = (this.#held.get(key) ?? 1) - 1;
    if (held > 0) this.#held.set(key, held);
    else this.#held.delete(key);
    this.#free.push(session);
    this.#next();
  }

  /** Refuse all that wait. */
  clear(error: unknown): void {
    for (const queue of this.#queues.values()) for (const waiting of queue) waiting.reject(error);
    this.#queues.clear();
    this.#waiting = 0;
  }

  #mayHoldMore(key: string): boolean {
    return (this.#held.get(key) ?? 0) < this.#options.mostOfOne;
  }

  #next(): void {
    if (this.#free.length === 0) return;
    for (const [key, [waiting]] of this.#queues) {
      if (waiting === undefined || !this.#mayHoldMore(key)) continue;
      const session = this.#free.pop();
      if (session === undefined) return;
      this.#remove(key, waiting);
      this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
      waiting.start(session);
    }
  }

  #remove(key: string, waiting: Waiting<S>): void {
    const rest = (this.#queues.get(key) ?? []).filter((other) => other !== waiting);
    this.#waiting--;
    this.#queues.delete(key);
    if (rest.length > 0) this.#queues.set(key, rest);
  }
}
