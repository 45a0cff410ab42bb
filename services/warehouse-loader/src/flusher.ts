import { createLoad, type Load } from './load.ts';

export interface FlusherOptions {
  /** Store a load and commit its positions; may reject, then it is tried again. */
  readonly flush: (load: Load) => Promise<void>;
  /** Called with each fault and the number of tries so far. */
  readonly onFault: (error: unknown, tries: number) => void;
  /** Time between the starts of two flushes while there is work; default 700 ms. */
  readonly intervalMs?: number;
  /** How long the first record after a pause waits for company; default 40 ms. */
  readonly lingerMs?: number;
  /** A load is flushed at once when it holds so much; default 20,000 rows or 16 MB. */
  readonly mostRows?: number;
  readonly mostBytes?: number;
}

export interface Flusher {
  /** Add to the load that is being filled; resolves at once, or when there is room again. */
  add(fill: (load: Load) => void): Promise<void>;
  /** Flush what is there now; resolves when it is stored and committed. */
  drain(): Promise<void>;
  /** Give up retrying: whoever waits gets the fault, and nothing of the load is committed. */
  abandon(): void;
  /** Nothing waits and nothing is on its way. */
  idle(): boolean;
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/** Gathers rows into loads and flushes one load at a time, early after a pause, regularly under load. */
export function createFlusher(options: FlusherOptions): Flusher {
  const { intervalMs = 700, lingerMs = 40, mostRows = 20_000, mostBytes = 16 * 1024 * 1024 } = options;
  let filling = createLoad();
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let lastStart = Number.NEGATIVE_INFINITY;
  let abandoned = false;
  let wake: (() => void) | null = null; // ends a back-off early

  const full = () => filling.count >= mostRows || filling.bytes >= mostBytes;
  const empty = () => filling.positions.size === 0;

  async function store(load: Load): Promise<void> {
    for (let tries = 1, wait = FIRST_BACKOFF_MS; ; tries++, wait = Math.min(wait * 2, LONGEST_BACKOFF_MS)) {
      try {
        return await options.flush(load);
      } catch (error) {
        options.onFault(error, tries);
        if (abandoned) throw error;
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, wait);
        });
      }
    }
  }

  function start(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    if (empty()) return Promise.resolve();
    const load = filling;
    filling = createLoad();
    lastStart = performance.now();
    running = store(load).finally(() => {
      running = null;
      if (!empty() && !abandoned) schedule();
    });
    running.catch(() => undefined); // whoever drains sees it
    return running;
  }

  function schedule(): void {
    if (running) return;
    if (full()) return void start();
    if (timer) return;
    timer = setTimeout(start, Math.max(lingerMs, lastStart + intervalMs - performance.now()));
  }

  return {
    async add(fill) {
      while (full() && running && !abandoned) await running.catch(() => undefined);
      fill(filling);
      if (!empty()) schedule();
    },
    async drain() {
      while (running || !empty()) await (running ?? start());
    },
    abandon() {
      abandoned = true;
      if (timer) clearTimeout(timer);
      wake?.();
    },
    idle: () => empty() && running === null,
  };
}
