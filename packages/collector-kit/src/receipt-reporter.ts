import type { EventLog, ReceiptCount } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';
import type { Receipts } from './receipts.ts';

/** Appends the counts of a collector instance to topic receipts, each second and at the end. */
export interface ReceiptReporter {
  start(): void;
  stop(): Promise<void>;
}

const INTERVAL_MS = 1_000;

export interface ReporterDeps {
  readonly log: EventLog;
  readonly receipts: Receipts;
  readonly logger: Logger;
}

/** Counts that did not change are not said again, so an idle collector writes nothing. */
export function createReceiptReporter({ log, receipts, logger }: ReporterDeps): ReceiptReporter {
  const writer = createTopicWriter<ReceiptCount>(log, 'receipts');
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  async function report(): Promise<void> {
    const counts = receipts.drain();
    try {
      await writer.append(counts.map((value) => ({ key: receipts.collector, value })));
    } catch (error) {
      receipts.restore(counts);
      logger.warn({ err: error }, 'receipt counts could not be appended; they are said again later');
    }
  }

  const tick = (): void => {
    running = running.then(report);
  };

  return {
    start() {
      timer ??= setInterval(tick, INTERVAL_MS).unref();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      tick();
      await running;
    },
  };
}
