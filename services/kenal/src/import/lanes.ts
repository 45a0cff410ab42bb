/** Runs a few tasks side by side and tells of their ends in the order in which they began. */
export interface Lanes<T> {
  /** Resolves when there is room for the next; rejects once a task has failed. */
  submit(task: () => Promise<T>): Promise<void>;
  /** Resolves when all have ended. */
  drain(): Promise<void>;
}

/** @param onDone called in order of submission: the n-th is told only after all before it have ended well */
export function createLanes<T>(limit: number, onDone: (result: T) => void): Lanes<T> {
  const running = new Set<Promise<void>>();
  const ended = new Map<number, T>();
  let submitted = 0;
  let told = 0;
  let failure: { readonly error: unknown } | null = null;
  const settle = (index: number, result: T): void => {
    ended.set(index, result);
    while (ended.has(told)) {
      const next = ended.get(told) as T;
      ended.delete(told++);
      onDone(next);
    }
  };
  const check = (): void => {
    if (failure !== null) throw failure.error;
  };
  return {
    submit: async (task) => {
      while (running.size >= limit && failure === null) await Promise.race(running);
      check();
      const index = submitted++;
      const run = task()
        .then((result) => settle(index, result))
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(run));
      running.add(run);
    },
    drain: async () => {
      await Promise.all(running);
      check();
    },
  };
}
