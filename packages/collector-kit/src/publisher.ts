import type { EventLog, LogPosition, LogRecord } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import type { Logger, Metrics } from '@kenal/service-kit';
import { createBacklog } from './backlog.ts';
import type { ReceiptBlock, Receipts } from './receipts.ts';

/** Records of one block of receipts for one topic. */
export interface Part {
  readonly topic: string;
  readonly records: readonly LogRecord[];
}

/** Appends blocks; what the log does not take at once it appends until it does. */
export interface Publisher {
  /**
   * Resolves when every part is durable, and the block is then acknowledged; with the place of each record.
   * Rejects where one may not be: the caller says "try again", while the very same records, receipts included, are
   * appended again in the background, so that no sequence number is ever missing.
   * @throws KenalError `log_unavailable`
   */
  publish(block: ReceiptBlock, parts: readonly Part[]): Promise<readonly LogPosition[]>;
  /** Bytes that wait for the log to come back. */
  readonly backlogBytes: number;
  /** Try the backlog once more for at most `timeoutMs`, then give it up: it was acknowledged to nobody. */
  stop(timeoutMs: number): Promise<void>;
}

export interface PublisherDeps {
  readonly log: EventLog;
  readonly receipts: Receipts;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export function createPublisher({ log, receipts, logger, metrics }: PublisherDeps): Publisher {
  const backlog = createBacklog(log, logger, metrics);

  /** Nobody was promised these, and no further try can help: their numbers stay missing, which the balance names. */
  function giveUp(block: ReceiptBlock, topic: string, error: unknown): void {
    logger.error({ err: error, topic, block }, 'the event log refuses records for good');
  }

  async function append(
    block: ReceiptBlock,
    { topic, records }: Part,
    onTaken: () => void,
  ): Promise<readonly LogPosition[]> {
    let positions: readonly LogPosition[];
    try {
      positions = await log.append(topic, records);
    } catch (error) {
      const onRefused = (fault: unknown): void => giveUp(block, topic, fault);
      if (isKenalError(error) && !error.retryable) onRefused(error);
      else backlog.keep({ topic, records, onTaken, onRefused });
      throw toUnavailable(error);
    }
    onTaken();
    return positions;
  }

  return {
    publish(block, parts) {
      let left = parts.length;
      const onTaken = (): void => {
        if (--left === 0) receipts.acknowledge(block);
      };
      const only = parts[0];
      if (parts.length === 1 && only !== undefined) return append(block, only, onTaken);
      return settle(parts.map((part) => append(block, part, onTaken)));
    },
    get backlogBytes() {
      return backlog.bytes;
    },
    stop: backlog.stop,
  };
}

/** Wait for all, then reject with the first fault: no append outlives the answer unnoticed. */
async function settle(appends: readonly Promise<readonly LogPosition[]>[]): Promise<readonly LogPosition[]> {
  const results = await Promise.allSettled(appends);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
}

function toUnavailable(error: unknown): KenalError {
  return isKenalError(error, 'log_unavailable')
    ? error
    : new KenalError('log_unavailable', undefined, { cause: error });
}
