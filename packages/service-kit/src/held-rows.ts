export interface HeldRowsOptions {
  /** From the first row that waits to the write of all that do by then. */
  readonly lingerMs: number;
  /** After a write that failed. */
  readonly againMs: number;
  /** Rows of one write at most. */
  readonly mostAtOnce: number;
  /** Rows that are held at most, of more the oldest are dropped; default: none is, and who adds looks at `size`. */
  readonly mostHeld?: number;
  /** Told after each write how many were dropped since the one before. */
  readonly onDropped?: (rows: number) => void;
  /** Told of each write that failed. */
  readonly onFault: (error: unknown, state: HeldState) => void;
}

export interface HeldState {
  /** Rows that are not written. */
  readonly held: number;
  /** Whether the write before had failed as well. */
  readonly again: boolean;
}

/** Rows that are written some time after they were added, many at once, in their order; what cannot be written is kept. */
export interface HeldRows<Row> {
  /** How many are not written, those on their way among them. */
  readonly size: number;
  /** Why the last write failed; null where it did not. */
  readonly fault: string | null;
  add(rows: readonly Row[]): void;
  /** Resolves once all that was added before is written. @throws what the write throws */
  flush(): Promise<void>;
  /** Write what is held, once more where that fails; nothing goes on afterwards by itself. It never rejects. */
  stop(): Promise<void>;
}

/** @param write is called again only when the call before has ended; the rows of one that rejects are handed over again */
export function createHeldRows<Row>(
  write: (rows: readonly Row[]) => Promise<void>,
  { lingerMs, againMs, mostAtOnce, mostHeld = Number.POSITIVE_INFINITY, ...told }: HeldRowsOptions,
): HeldRows<Row> {
  let waiting: Row[] = [];
  /** Rows that are on their way. */
  let taken: readonly Row[] = [];
  let [added, gone, dropped] = [0, 0, 0];
  let fault: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;
  let inTurn: Promise<void> = Promise.resolve();

  function drop(): void {
    const many = waiting.length - mostHeld;
    if (many <= 0) return;
    waiting.splice(0, many);
    dropped += many;
    gone += many;
  }

  function tellDropped(): void {
    if (dropped > 0) told.onDropped?.(dropped);
    dropped = 0;
  }

  async function writeSome(): Promise<void> {
    taken = waiting.slice(0, mostAtOnce);
    waiting = waiting.slice(taken.length);
    try {
      await write(taken);
      gone += taken.length;
      fault = null;
    } catch (error) {
      waiting = [...taken, ...waiting];
      drop();
      told.onFault(error, { held: waiting.length, again: fault !== null });
      fault = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      taken = [];
      tellDropped();
    }
  }

  async function flush(): Promise<void> {
    for (const end = added; gone < end; ) {
      writing ??= writeSome().finally(() => {
        writing = null;
      });
      await writing;
    }
  }

  async function turn(): Promise<void> {
    await flush().catch(() => undefined); // told already
    timer = undefined;
    if (waiting.length > 0) later(fault === null ? lingerMs : againMs);
  }

  function later(ms: number): void {
    timer ??= setTimeout(() => {
      inTurn = turn();
    }, ms).unref();
  }

  return {
    get size() {
      return taken.length + waiting.length;
    },
    get fault() {
      return fault;
    },
    add(rows) {
      for (const row of rows) waiting.push(row);
      added += rows.length;
      drop();
      later(lingerMs);
    },
    flush,
    async stop() {
      clearTimeout(timer);
      await inTurn;
      clearTimeout(timer);
      await flush().catch(() => undefined);
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
