import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type EventLog,
  type FailedEvent,
  type Interaction,
  type LogRecord,
  TOPICS,
  writePosition,
} from '@kenal/contracts';
import { createCodec, MAX_BODY_BYTES } from '@kenal/event-log';
import type { Logger, Metrics } from '@kenal/service-kit';
import type { BlobStore } from './blobs.ts';
import { createEventEncoder } from './encode-event.ts';
import type { Acceptance, EventBatch, Rejection } from './event-batch.ts';
import { type KeptBody, keepBody, type RefusedEvent, toFailedEvent } from './failed.ts';
import { createDecideFailed, type DecideFailed } from './failed-decisions.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { createOutcomeCounter } from './outcome-counter.ts';
import { createPublisher, type Part } from './publisher.ts';
import { createReceiptReporter } from './receipt-reporter.ts';
import { createReceipts } from './receipts.ts';
import { createRecordEncoder } from './records/encode-record.ts';
import { createRefuseEach, type RefusedBody, type RefuseEach } from './refuse-each.ts';
import { type Arrival, type SortedEvents, sortEvents } from './sort-events.ts';
import type { Source } from './source.ts';

/** Validate → publish → acknowledge: the one way into the log. */
export interface Acceptor {
  /**
   * Resolves when every event is durable: as an interaction (or reference record), or as a failed event with its reason
   * and bytes.
   * @throws KenalError `log_unavailable` where that may not be so (the caller should try again)
   */
  accept(source: Source, batch: EventBatch): Promise<Acceptance>;
  /** What `accept` would refuse, without keeping anything. */
  check(source: Source, batch: EventBatch): Promise<readonly Rejection[]>;
  /**
   * Once more an interaction that a later service refused, repaired; with the time of its first receipt.
   * @throws KenalError `log_unavailable`
   */
  acceptInteraction(source: Source, interaction: Interaction): Promise<void>;
  /** Say what becomes of a failed event. */
  readonly decide: DecideFailed;
  /** Keep a whole body as one failed event. @throws KenalError `log_unavailable` */
  refuse(source: Source, refusal: RefusedBody): Promise<void>;
  /**
   * The same of many, each as one failed event; other requests get in between.
   * @param of makes the body of one when it is its turn
   */
  readonly refuseEach: RefuseEach;
  /** Bytes that wait for the log to come back. */
  readonly backlogBytes: number;
  /** Begin to report receipts, each second. */
  start(): void;
  /** Append what waits and the last counts. Call it when no `accept` is running any more. */
  stop(): Promise<void>;
}

export interface AcceptorDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Takes bodies that are too large for a record. */
  readonly blobs: BlobStore;
  readonly limits?: Limits;
}

const STOP_TIMEOUT_MS = 5_000;

export function createAcceptor(deps: AcceptorDeps): Acceptor {
  const { log, clock, logger, metrics, blobs, limits = DEFAULT_LIMITS } = deps;
  const receipts = createReceipts(randomUUID(), clock);
  const { collector } = receipts;
  const publisher = createPublisher({ log, receipts, logger, metrics });
  const reporter = createReceiptReporter({ log, receipts, logger });
  const encode = createEventEncoder(limits, logger);
  const encodeRecord = createRecordEncoder(limits, logger);
  const failures = createCodec<FailedEvent>('failed');
  const count = createOutcomeCounter(metrics);

  function failedRecord(source: Source, refusal: RefusedEvent): LogRecord {
    return {
      key: `${source.workspace}/${source.id}`,
      value: failures.encode(toFailedEvent(source, refusal, clock())),
    };
  }

  const refuseEach = createRefuseEach({
    ...{ blobs, clock, receipts, failedRecord, count },
    publish: async (block, records) => {
      await publisher.publish(block, [{ topic: TOPICS.failed.name, records }]);
    },
  });

  function sort(arrival: Arrival): Promise<SortedEvents> {
    return sortEvents(arrival, arrival.batch.of === 'records' ? encodeRecord : encode, failedRecord);
  }

  async function accept(source: Source, batch: EventBatch): Promise<Acceptance> {
    const events = batch.events.length;
    if (events === 0) return { accepted: 0, rejected: [], position: '' };
    // Before any receipt is taken: a disk that is full then leaves no gap in the sequence
    const large = await keepLarge(batch, blobs);
    const receivedAt = batch.receivedAt ?? clock();
    const block = receipts.take(source.workspace, source.id, events, receivedAt);
    const receiptOf = (index: number) => ({ collector, sequence: block.first + index });
    const arrival = { source, batch, receivedAt, receiptOf, large };
    const { records, failed, rejected, late, offPlan } = await sort(arrival);
    const parts: Part[] = [];
    const isReference = batch.of === 'records';
    if (records.length > 0)
      parts.push(isReference ? { topic: TOPICS.records.name, records } : { topic: TOPICS.interactions.name, records });
    if (failed.length > 0) parts.push({ topic: TOPICS.failed.name, records: failed });
    const positions = await publisher.publish(block, parts);
    count(source, { accepted: records.length, failed: failed.length, late, offPlan });
    const position = writePosition(positions.filter(({ topic }) => topic === TOPICS.interactions.name));
    return { accepted: records.length, rejected, position };
  }

  async function check(source: Source, batch: EventBatch): Promise<readonly Rejection[]> {
    const receivedAt = batch.receivedAt ?? clock();
    const arrival = { source, batch, receivedAt, receiptOf: () => ({ collector, sequence: 1 }), large: null };
    return (await sort(arrival)).rejected;
  }

  async function acceptInteraction(source: Source, again: Interaction): Promise<void> {
    const { workspace, id } = source;
    const block = receipts.take(workspace, id, 1, again.receivedAt);
    const receipt = { collector, sequence: block.first };
    const record = encode.record(source, { ...again, workspace, source: id, receipt });
    await publisher.publish(block, [{ topic: TOPICS.interactions.name, records: [record] }]);
    count(source, { accepted: 1, failed: 0 });
  }

  return {
    accept,
    check,
    acceptInteraction,
    decide: createDecideFailed((record) => log.append(TOPICS.failed.name, [record])),
    refuse: (source, refusal) => refuseEach(source, [refusal], (one) => one),
    refuseEach,
    get backlogBytes() {
      return publisher.backlogBytes;
    },
    start: () => reporter.start(),
    async stop() {
      await publisher.stop(STOP_TIMEOUT_MS);
      await reporter.stop();
    },
  };
}

/** Blobs of the events that fit no record; null where all do, as is nearly always so. */
async function keepLarge(batch: EventBatch, blobs: BlobStore): Promise<ReadonlyMap<number, KeptBody> | null> {
  let large: Map<number, KeptBody> | null = null;
  for (let index = 0; index < batch.events.length; index++) {
    if (batch.sizeOf(index) <= MAX_BODY_BYTES) continue;
    large ??= new Map();
    large.set(index, await keepBody(blobs, batch.bytesOf(index), batch.contentType));
  }
  return large;
}
