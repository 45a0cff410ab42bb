import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { LogRecord, Micros, Receipt } from '@kenal/contracts';
import type { Encode } from './encode-event.ts';
import type { EventBatch, Rejection } from './event-batch.ts';
import type { KeptBody, RefusedEvent } from './failed.ts';
import type { Fault } from './fault.ts';
import { isRecord } from './json/inspect.ts';
import type { Source } from './source.ts';

/** A batch with what was decided when it came. */
export interface Arrival {
  readonly source: Source;
  readonly batch: EventBatch;
  readonly receivedAt: Micros;
  readonly receiptOf: (index: number) => Receipt;
  /** Bodies of events that fit no record, as they were kept; null where all fit. */
  readonly large: ReadonlyMap<number, KeptBody> | null;
}

/** Events as log records: interactions (or reference records) and, each alone, failed ones. */
export interface SortedEvents {
  readonly records: readonly LogRecord[];
  readonly failed: readonly LogRecord[];
  readonly rejected: readonly Rejection[];
  /** How many of `records` came more than a day after they happened. */
  readonly late: number;
  /** How many are not as planned. */
  readonly offPlan: number;
}

const LONGEST_TURN_MS = 20;
const EVENTS_PER_LOOK = 32;

/** Make the records of a batch. A large one lets others in between: it takes longer than anybody should wait. */
export async function sortEvents(
  { source, batch, receivedAt, receiptOf, large }: Arrival,
  encode: Encode,
  failedRecord: (source: Source, refusal: RefusedEvent) => LogRecord,
): Promise<SortedEvents> {
  const records: LogRecord[] = [];
  const failed: LogRecord[] = [];
  const rejected: Rejection[] = [];
  let late = 0;
  let offPlan = 0;
  let turn = performance.now();
  for (let index = 0; index < batch.events.length; index++) {
    if (index % EVENTS_PER_LOOK === EVENTS_PER_LOOK - 1 && performance.now() - turn > LONGEST_TURN_MS) {
      await setImmediate();
      turn = performance.now();
    }
    const receipt = receiptOf(index);
    const outcome = encode(source, batch, index, receivedAt, receipt);
    if (outcome.ok) {
      records.push(outcome.value.record);
      if (outcome.value.late) late++;
      if (outcome.value.offPlan) offPlan++;
      continue;
    }
    const rejection = toRejection(outcome.fault, batch, index);
    rejected.push(rejection);
    const kept = large?.get(index) ??
      batch.keptOf?.(index) ?? { body: batch.bytesOf(index), contentType: batch.contentType };
    const messageId = rejection.messageId ?? '';
    // Words on one thing share its id, so a refused one is known by its bytes
    const name = batch.of === 'records' ? hash('sha256', kept.body, 'hex') : messageId;
    failed.push(
      failedRecord(source, { fault: rejection, messageId, name, kept, frame: frameOf(batch), receivedAt, receipt }),
    );
  }
  return { records, failed, rejected, late, offPlan };
}

function toRejection(fault: Fault, batch: EventBatch, index: number): Rejection {
  const event = batch.events[index];
  const isReference = batch.of === 'records';
  const id = isRecord(event) ? (isReference ? event.id : event.messageId) : null;
  return {
    index,
    messageId: typeof id === 'string' && id !== '' ? id.slice(0, 512).toWellFormed() : null,
    code: fault.code,
    path: batch.listed ? `$.${isReference ? 'records' : 'batch'}[${index}]${fault.path.slice(1)}` : fault.path,
    reason: fault.reason,
  };
}

/** What the batch says of all its events, so that one of them can be sent again without it. */
function frameOf({ type, sentAt, context, anonymousId, isPublic = false }: EventBatch): string {
  const isBare = type === null && (sentAt ?? null) === null && context === null && anonymousId === null;
  if (isBare && !isPublic) return '';
  return JSON.stringify({ type, sentAt, context, anonymousId, ...(isPublic ? { isPublic } : {}) });
}
