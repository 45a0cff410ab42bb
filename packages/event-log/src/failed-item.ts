import { FAILED_BODY, type FailedEvent, type LogPosition } from '@kenal/contracts';
import { MAX_BODY_BYTES } from './limits.ts';
import type { TopicItem } from './topic-writer.ts';

/** What a step behind the collectors refuses. Texts are '' where the record does not tell. */
export type RefusedRecord = Omit<FailedEvent, 'path' | 'frame' | 'change'>;

const REASON_CHARS = 2_000;
/** As long as an id may be; a record that came past the collectors may hold longer ones. */
const ID_CHARS = 512;

/**
 * The item of topic `failed` for a refused record. It always fits into a record itself, or what cannot be appended would
 * be delivered again for ever: a longer body is cut after {@link MAX_BODY_BYTES}. The content type then says so, and the
 * reason where the whole is.
 * @param whole where the record stands in the log, with all its bytes
 */
export function failedItem(refused: RefusedRecord, whole: LogPosition): TopicItem<FailedEvent> {
  const short = (text: string) => text.slice(0, ID_CHARS);
  const { receipt } = refused;
  const value: FailedEvent = {
    ...refused,
    failureId: short(refused.failureId),
    workspace: short(refused.workspace),
    source: short(refused.source),
    messageId: short(refused.messageId),
    receipt: receipt === null ? null : { ...receipt, collector: short(receipt.collector) },
    path: '$',
    frame: '',
    change: null,
    ...cut(refused, whole),
  };
  return { key: `${value.workspace}/${value.source}`, value };
}

function cut(
  { body, contentType, reason }: RefusedRecord,
  { topic, partition, offset }: LogPosition,
): Pick<FailedEvent, 'body' | 'contentType' | 'reason'> {
  const brief = reason.slice(0, REASON_CHARS);
  if (body.byteLength <= MAX_BODY_BYTES) return { body, contentType, reason: brief };
  const whole = `the whole record: ${topic}/${partition}@${offset}`;
  return {
    body: body.subarray(0, MAX_BODY_BYTES),
    contentType: `${FAILED_BODY.cut}; type="${contentType}"; bytes=${body.byteLength}`,
    reason: `${brief} (the first ${MAX_BODY_BYTES} of ${body.byteLength} bytes; ${whole})`,
  };
}
