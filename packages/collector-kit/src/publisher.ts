import type { EventLog, LogRecord } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import type { Logger, Metrics } from '@kenal/service-kit';
import type { ReceiptBlock, Receipts } from './receipts.ts';

/** Records of one block of receipts for one topic. */
export interface Part {
  readonly topic: string;
  readonly records: readonly LogRecord[];
}

/** Appends blocks; what the log does not take at once it appends until it does. */
export interface Publisher {
  /**
   * Resolves when every part is durable, and the block is then acknowledged.
   * Rejects where one may not be: the caller says "try again", while the very same records, receipts included, are
   * appended again in the background, so that no sequence number is ever missing.
   * @throws KenalError `log_unavailable`
   */
  publish(block: ReceiptBlock, parts: readonly Part[]): Promise<void>;
  /** Bytes that wait for the log to come back. */
  readonly backlogBytes: number;
  /** Try the backlog once more for at most `timeoutMs`, then give it up: it was acknowledged to nobody. */
  stop(timeoutMs: number): Promise<void>;
}

interface Waiting {
  readonly block: ReceiptBlock;
  readonly part: Part;
  readonly state: { left: number };
  readonly bytes: number;
}

const RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

export interface PublisherDeps {
  readonly log: EventLog;
  readonly receipts: Receipts;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export function createPublisher(deps: PublisherDeps): Publisher {
  const { log, receipts, logger } = deps;
  const backlog: Waiting[] = [];
  const backlogGauge = deps.metrics.gauge('kenal_collector_backlog_bytes', 'Bytes that wait for the log to come back');
  let backlogBytes = 0;
  let timer: NodeJS.Timeout | null = null;
  let delay = RETRY_MS;
  let running: Promise<void> | null = null;

  function done(block: ReceiptBlock, state: { left: number }): void {
    if (--state.left === 0) receipts.acknowledge(block);
  }

  function grow(bytes: number): void {
    backlogBytes += bytes;
    backlogGauge.set(backlogBytes);
  }

  function keep(item: Waiting): void {
    if (backlog.length === 0) logger.warn({ topic: item.part.topic }, 'the event log takes no events; trying again');
    backlog.push(item);
    grow(item.bytes);
    timer ??= setTimeout(retry, delay).unref();
  }

  async function drainBacklog(): Promise<void> {
    for (let item = backlog[0]; item !== undefined; item = backlog[0]) {
      await log.append(item.part.topic, item.part.records);
      backlog.shift();
      grow(-item.bytes);
      done(item.block, item.state);
    }
  }

  function retry(): void {
    timer = null;
    running = drainBacklog()
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

  async function append(block: ReceiptBlock, part: Part, state: { left: number }): Promise<void> {
    try {
      await log.append(part.topic, part.records);
    } catch (error) {
      if (isKenalError(error) && !error.retryable) {
        logger.error({ err: error, topic: part.topic, block }, 'the event log refuses records for good');
      } else keep({ block, part, state, bytes: sizeOf(part) });
      throw toUnavailable(error);
    }
    done(block, state);
  }

  return {
    publish(block, parts) {
      const state = { left: parts.length };
      const only = parts[0];
      if (parts.length === 1 && only !== undefined) return append(block, only, state);
      return settle(parts.map((part) => append(block, part, state)));
    },
    get backlogBytes() {
      return backlogBytes;
    },
    async stop(timeoutMs) {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (backlog.length > 0 || running !== null) {
        const late = AbortSignal.timeout(timeoutMs);
        const ended = (running ?? Promise.resolve()).then(drainBacklog).catch(() => undefined);
        await Promise.race([ended, new Promise((resolve) => late.addEventListener('abort', resolve, { once: true }))]);
      }
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (backlog.length > 0) {
        logger.warn({ parts: backlog.length, bytes: backlogBytes }, 'stopping with copies that no client was promised');
      }
    },
  };
}

/** Wait for all, then reject with the first fault: no append outlives the answer unnoticed. */
async function settle(appends: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(appends);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function sizeOf(part: Part): number {
  return part.records.reduce((bytes, record) => bytes + record.value.byteLength, 0);
}

function toUnavailable(error: unknown): KenalError {
  return isKenalError(error, 'log_unavailable')
    ? error
    : new KenalError('log_unavailable', undefined, { cause: error });
}
