import type { LogPosition, LogRecord } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Message } from 'kafkajs';
import { checkedSize } from '../limits.ts';

/** One caller's records, on their way. */
export interface Waiting {
  readonly topic: string;
  readonly records: readonly LogRecord[];
  readonly bytes: number;
  /** Time in milliseconds after which the caller is refused. */
  readonly deadline: number;
  readonly resolve: (positions: readonly LogPosition[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers appends of all callers while the previous request is on its way (and for `lingerMs` where there is none). */
export interface Accumulator {
  append(topic: string, records: readonly LogRecord[]): Promise<readonly LogPosition[]>;
  /** Resolves when nothing waits. */
  drained(): Promise<void>;
}

interface Options {
  readonly lingerMs: number;
  readonly timeoutMs: number;
  /** Settles every one of `taken`; never rejects. */
  readonly send: (taken: readonly Waiting[]) => Promise<void>;
}

const MAX_REQUEST_BYTES = 8_000_000;
const MAX_WAITING_BYTES = 256_000_000;

export function createAccumulator({ lingerMs, timeoutMs, send }: Options): Accumulator {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let busy = false;
  let idle: (() => void)[] = [];

  const next = (): Waiting[] => {
    let count = 0;
    let bytes = 0;
    for (const one of waiting) {
      if (count > 0 && bytes + one.bytes > MAX_REQUEST_BYTES) break;
      bytes += one.bytes;
      count++;
    }
    waitingBytes -= bytes;
    return waiting.splice(0, count);
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) await send(next());
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
        throw new KenalError('log_unavailable', `${waitingBytes} bytes wait for the broker`);
      return new Promise((resolve, reject) => {
        waiting.push({ topic, records, bytes, deadline: Date.now() + timeoutMs, resolve, reject });
        waitingBytes += bytes;
        if (busy) return;
        busy = true;
        setTimeout(() => void flush(), lingerMs);
      });
    },
    drained: () => (busy ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
  };
}

/** As kafkajs takes it. Values are viewed, not copied. */
export function toMessage({ key, value, headers }: LogRecord, partition: number): Message & { partition: number } {
  const view = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return headers === undefined ? { key, value: view, partition } : { key, value: view, partition, headers };
}
