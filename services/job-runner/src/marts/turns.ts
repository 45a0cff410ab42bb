/** Does a piece of work as soon as there is room. */
export type Turn = (work: () => Promise<void>) => Promise<void>;

/** So many pieces of work at a time; whoever waits longest is next. @param signal lets go of whoever waits */
export function createTurns(room: number, signal: AbortSignal): Turn {
  const waiting = new Set<() => void>();
  let free = room;

  async function enter(): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      if (waiting.delete(resolve)) reject(signal.reason);
    };
    waiting.add(resolve);
    signal.addEventListener('abort', leave, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', leave));
  }

  /** The place goes to whoever is next. */
  function give(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else {
      waiting.delete(next);
      next();
    }
  }

  return async function turn(work) {
    await enter();
    try {
      await work();
    } finally {
      give();
    }
  };
}
