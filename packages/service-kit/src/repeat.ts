export interface RepeatOptions {
  readonly everyMs: number;
  /** After a run that failed. */
  readonly againMs: number;
  /** Told of each run that failed, but for those that somebody waited for. */
  readonly onFault: (error: unknown) => void;
}

/** A piece of work that is done again and again. */
export interface Repeated {
  /** Why it failed the last time; null where it did not. */
  readonly fault: string | null;
  /** @param firstMs from now to the first run */
  start(firstMs: number): void;
  /** Do it now as well. @throws what the work throws */
  now(): Promise<void>;
  /** No further run; resolves when the one in hand has ended. */
  stop(): Promise<void>;
}

/** Each run begins when the one before has ended, and a while has passed. */
export function repeat(work: () => Promise<void>, { everyMs, againMs, onFault }: RepeatOptions): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let fault: string | null = null;

  async function now(): Promise<void> {
    try {
      await work();
      fault = null;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async function run(): Promise<void> {
    await now().catch(onFault);
    if (!stopped) runIn(fault === null ? everyMs : againMs);
  }

  function runIn(ms: number): void {
    timer = setTimeout(() => {
      running = run();
    }, ms);
  }

  return {
    get fault() {
      return fault;
    },
    start: runIn,
    now,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
