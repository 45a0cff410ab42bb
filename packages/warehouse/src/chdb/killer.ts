import { setTimeout as pause } from 'node:timers/promises';
import { quote } from '../param-text.ts';
import { type GuardedSession, NAME_SETTING } from './guarded-session.ts';
import type { Native, NativeSession } from './native.ts';

const BETWEEN_TRIES_MS = 100;

/** Ends statements that nobody waits for any more, from a native session of its own: chDB's own abort lets the engine go on. */
export class Killer {
  readonly #session: NativeSession;
  #last: Promise<unknown> = Promise.resolve();

  constructor(native: Native) {
    this.#session = native.open();
  }

  /** End what the session runs, until it is done: the statement may not have begun yet. */
  async end(session: GuardedSession, work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const done = work.then(
      () => {
        isDone = true;
      },
      () => {
        isDone = true;
      },
    );
    while (!isDone) {
      await this.#kill(session.name);
      await Promise.race([done, pause(BETWEEN_TRIES_MS)]);
    }
  }

  close(): void {
    this.#session.close();
  }

  // One at a time, as on every session; ASYNC marks the statement, which then fails by itself
  #kill(name: string): Promise<unknown> {
    const sql = `KILL QUERY WHERE Settings['${NAME_SETTING}'] = ${quote(name)} ASYNC`;
    const kill = () => this.#session.queryAsync(sql, { format: 'Null' }).catch(() => undefined);
    this.#last = this.#last.then(kill);
    return this.#last;
  }
}
