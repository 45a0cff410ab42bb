import type { LogPosition, LogRecord } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { checkedSize } from './limits.ts';

/** One caller's records, on their way. */
export interface Waiting {
  readonly topic: string;
  readonly records: readonly LogRecord[];
  readonly bytes: number;
  /** When the caller came, in milliseconds. */
  readonly since: number;
  readonly resolve: (positions: readonly LogPosition[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers appends of all callers while the previous ones are written, and hands them over as one. */
export interface Accumulator {
  append(topic: string, records: readonly LogRecord[]): Promise<readonly LogPosition[]>;
  /** Resolves when nothing waits and nothing is being written. */
  drained(): Promise<void>;
}

export interface AccumulatorOptions {
  /** What is waited for, where too much waits for it: `the disk`. */
  readonly sink: string;
  /** Call back soon: whoever appends until then shares the first write. */
  readonly linger: (write: () => void) => void;
  /** Settles every one of `taken`; never rejects. */
  readonly write: (taken: readonly Waiting[]) => Promise<void>;
}

// A write is kept short for the sake of latency
const MAX_WRITE_BYTES = 8_000_000;
const MAX_WAITING_BYTES = 256_000_000;

export function createAccumulator({ sink, linger, write }: AccumulatorOptions): Accumulator {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let busy = false;
  let idle: (() => void)[] = [];

  const next = (): Waiting[] => {
    let count = 0;
    let bytes = 0;
    for (const one of waiting) {
      if (count > 0 && bytes + one.bytes > MAX_WRITE_BYTES) break;
      bytes += one.bytes;
      count++;
    }
    waitingBytes -= bytes;
    return waiting.splice(0, count);
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) await write(next());
    busy = false;
    for (const resolve of idle) resolve();
    idle = [];
  };
  return {
    async append(topic, records) {
      if (records.length === 0) return [];
      let bytes = 0;
      for (const record of records) bytes += checkedSize(record);
      if (waiting.length > 0 && waitingBytes + bytes > MAX_WAITING_BYTES)
        throw new KenalError('log_unavailable', `${waitingBytes} bytes wait for ${sink}`);
      return new Promise((resolve, reject) => {
        waiting.push({ topic, records, bytes, since: performance.now(), resolve, reject });
        waitingBytes += bytes;
        if (busy) return;
        busy = true;
        linger(() => void flush());
      });
    },
    drained: () => (busy ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
  };
}
