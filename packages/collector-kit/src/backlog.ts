import type { EventLog, LogRecord } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import type { Logger, Metrics } from '@kenal/service-kit';

/** Records that the log did not take, and who is told what became of them. */
export interface Waiting {
  readonly topic: string;
  readonly records: readonly LogRecord[];
  readonly onTaken: () => void;
  /** The log refuses them for good. */
  readonly onRefused: (error: unknown) => void;
}

/** Appends what waits, in its order, until the log takes it. */
export interface Backlog {
  readonly bytes: number;
  keep(waiting: Waiting): void;
  /** Try once more for at most `timeoutMs`, then give up what is left. */
  stop(timeoutMs: number): Promise<void>;
}

const RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

export function createBacklog(log: EventLog, logger: Logger, metrics: Metrics): Backlog {
  const items: Waiting[] = [];
  const gauge = metrics.gauge('kenal_collector_backlog_bytes', 'Bytes that wait for the log to come back');
  let bytes = 0;
  let timer: NodeJS.Timeout | null = null;
  let delay = RETRY_MS;
  let running: Promise<void> | null = null;

  function grow(by: number): void {
    bytes += by;
    gauge.set(bytes);
  }

  async function drain(): Promise<void> {
    for (let item = items[0]; item !== undefined; item = items[0]) {
      const settled = await tryAgain(log, item);
      items.shift();
      grow(-sizeOf(item));
      settled();
    }
  }

  function retry(): void {
    timer = null;
    running = drain()
      .then(() => {
        delay = RETRY_MS;
        logger.warn('the event log takes events again');
      })
      .catch(() => {
        delay = Math.min(delay * 2, LONGEST_RETRY_MS);
        timer ??= setTimeout(retry, delay).unref();
      })
      .finally(() => {
        running = null;
      });
  }

  return {
    get bytes() {
      return bytes;
    },
    keep(item) {
      if (items.length === 0) logger.warn({ topic: item.topic }, 'the event log takes no events; trying again');
      items.push(item);
      grow(sizeOf(item));
      timer ??= setTimeout(retry, delay).unref();
    },
    async stop(timeoutMs) {
      if (timer !== null) clearTimeout(timer);
      if (items.length > 0 || running !== null) {
        const late = AbortSignal.timeout(timeoutMs);
        const ended = (running ?? Promise.resolve()).then(drain).catch(() => undefined);
        await Promise.race([ended, new Promise((resolve) => late.addEventListener('abort', resolve, { once: true }))]);
      }
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (items.length > 0)
        logger.warn({ parts: items.length, bytes }, 'stopping with copies that no client was promised');
    },
  };
}

/** @returns what to do once it no longer waits @throws where a later try may help */
async function tryAgain(log: EventLog, { topic, records, onTaken, onRefused }: Waiting): Promise<() => void> {
  try {
    await log.append(topic, records);
    return onTaken;
  } catch (error) {
    if (!isKenalError(error) || error.retryable) throw error;
    return () => onRefused(error);
  }
}

function sizeOf({ records }: Waiting): number {
  return records.reduce((bytes, { value }) => bytes + value.byteLength, 0);
}
