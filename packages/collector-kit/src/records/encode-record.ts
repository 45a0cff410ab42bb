import type { LogRecord, ReferenceRecord } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { Logger } from '@kenal/service-kit';
import { type Encode, encodeSafely } from '../encode-event.ts';
import { refused } from '../fault.ts';
import type { Limits } from '../limits.ts';
import { readRecord } from './read-record.ts';

/** Makes the step from one parsed reference record to a record of topic `kenal.records.v1`, or to the reason why not. */
export function createRecordEncoder(limits: Limits, logger: Logger): Encode {
  const codec = createCodec<ReferenceRecord>('record');
  const toLog = (record: ReferenceRecord): LogRecord => ({ key: keyOf(record), value: codec.encode(record) });
  return encodeSafely(logger, (source, batch, index, receivedAt, receipt) => {
    if (batch.sizeOf(index) > limits.eventBytes)
      return refused('event_too_large', '$', `more than ${limits.eventBytes} bytes`);
    const { mayHoldOddText } = batch;
    const read = readRecord(batch.events[index], { source, receivedAt, limits, mayHoldOddText });
    if (!read.ok) return read;
    return { ok: true, value: { record: toLog({ ...read.value, receipt }), late: false, offPlan: false } };
  });
}

/** All words on one thing lie in one partition, in the order in which they came. */
function keyOf({ workspace, kind, id }: ReferenceRecord): string {
  return `${workspace}/${kind}/${id}`;
}
