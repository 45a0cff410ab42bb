import { setImmediate } from 'node:timers/promises';
import { type Clock, type EventLog, type LogRecord, type ReferenceRecord, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { Metrics } from '@kenal/service-kit';
import type { Acceptance, Rejection } from '../event-batch.ts';
import { type Outcome, refused } from '../fault.ts';
import { isRecord } from '../json/inspect.ts';
import type { Limits } from '../limits.ts';
import type { Source } from '../source.ts';
import { readRecord } from './read-record.ts';

/** Reference records that one call brought, parsed but not yet looked at. */
export interface RecordBatch {
  /** Values of `JSON.parse` that nobody else holds. One over the size limit is not looked at. */
  readonly records: readonly unknown[];
  /** Bytes of one as it came. */
  sizeOf(index: number): number;
  readonly mayHoldOddText: boolean;
}

/** Validate → append → acknowledge: the one way to topic `kenal.records.v1`. */
export interface RecordAcceptor {
  /**
   * Resolves when every good record is durable. Of bad ones nothing is kept: the answer names them, and the caller has them.
   * @throws KenalError `log_unavailable` where some may not be durable: the same call again adds nothing twice
   */
  accept(source: Source, batch: RecordBatch): Promise<Acceptance>;
}

export interface RecordAcceptorDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly limits: Limits;
}

const LONGEST_TURN_MS = 20;

export function createRecordAcceptor({ log, clock, metrics, limits }: RecordAcceptorDeps): RecordAcceptor {
  const codec = createCodec<ReferenceRecord>('record');
  const total = metrics.counter('kenal_collector_records_total', 'Reference records, by what became of them', [
    'workspace',
    'source',
    'outcome',
  ]);

  function read(source: Source, batch: RecordBatch, index: number, receivedAt: number): Outcome<ReferenceRecord> {
    if (batch.sizeOf(index) > limits.eventBytes)
      return refused('event_too_large', '$', `more than ${limits.eventBytes} bytes`);
    const { mayHoldOddText } = batch;
    return readRecord(batch.records[index], { source, receivedAt, limits, mayHoldOddText });
  }

  return {
    async accept(source, batch) {
      const receivedAt = clock();
      const records: LogRecord[] = [];
      const rejected: Rejection[] = [];
      let turn = performance.now();
      for (let index = 0; index < batch.records.length; index++) {
        if (performance.now() - turn > LONGEST_TURN_MS) {
          await setImmediate();
          turn = performance.now();
        }
        const outcome = read(source, batch, index, receivedAt);
        if (outcome.ok) records.push({ key: keyOf(outcome.value), value: codec.encode(outcome.value) });
        else {
          const { code, path, reason } = outcome.fault;
          const messageId = idOf(batch.records[index]);
          rejected.push({ index, messageId, code, path: `$.records[${index}]${path.slice(1)}`, reason });
        }
      }
      if (records.length > 0) await log.append(TOPICS.records.name, records);
      total.inc({ workspace: source.workspace, source: source.id, outcome: 'accepted' }, records.length);
      total.inc({ workspace: source.workspace, source: source.id, outcome: 'refused' }, rejected.length);
      return { accepted: records.length, rejected };
    },
  };
}

/** All words on one thing lie in one partition, in the order in which they came. */
function keyOf({ workspace, kind, id }: ReferenceRecord): string {
  return `${workspace}/${kind}/${id}`;
}

function idOf(sent: unknown): string | null {
  const id = isRecord(sent) ? sent.id : null;
  return typeof id === 'string' && id !== '' ? id.slice(0, 512).toWellFormed() : null;
}
