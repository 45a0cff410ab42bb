import {
  type EventBatch,
  type Fault,
  faultOf,
  inspect,
  isRecord,
  type JsonRecord,
  type Limits,
  type Outcome,
  type ParsedJson,
  type Slice,
  sliceBatch,
} from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';

/** What a body is read with. */
export interface BodyFrame {
  readonly body: Buffer;
  readonly contentType: string;
  /** Type from the path; null where the body is a batch. */
  readonly type: string | null;
  readonly anonymousId: string | null;
}

/** The one event of a body. What is no object is refused where events are. */
export function readSingle(parsed: ParsedJson, frame: BodyFrame): EventBatch {
  return {
    events: [parsed.value],
    listed: false,
    bytesOf: () => frame.body,
    sizeOf: () => frame.body.length,
    contentType: frame.contentType,
    mayHoldOddText: parsed.mayHoldOddText,
    type: frame.type,
    sentAt: null,
    context: null,
    anonymousId: frame.anonymousId,
  };
}

/**
 * The events of `{batch: […], sentAt, context?}`, or of a bare list. Of the envelope only `sentAt` and `context` reach
 * the events: its messageId, type, timestamp and sequence are its own.
 * @returns fault `bad_body` where there is no list, or the envelope's context is not fit for any event
 * @throws KenalError `body_too_large` over the number of events
 */
export function readBatch(parsed: ParsedJson, frame: BodyFrame, limits: Limits): Outcome<EventBatch> {
  const root: JsonRecord = isRecord(parsed.value) ? parsed.value : { batch: parsed.value };
  const events = root.batch;
  if (!Array.isArray(events)) return { ok: false, fault: faultOf('bad_body', '$.batch', 'expected a list of events') };
  if (events.length > limits.batchEvents) {
    throw new KenalError('body_too_large', `${limits.batchEvents} events are the most in one batch`);
  }
  const context = isRecord(root.context) ? root.context : null;
  const fault = context === null ? null : checkContext(context, events.length, limits, parsed.mayHoldOddText);
  if (fault !== null) return { ok: false, fault };
  return {
    ok: true,
    value: { ...positions(frame.body, limits), ...pick(frame, parsed), events, sentAt: root.sentAt, context },
  };
}

function pick(frame: BodyFrame, parsed: ParsedJson) {
  const { contentType, anonymousId } = frame;
  return { listed: true, contentType, anonymousId, mayHoldOddText: parsed.mayHoldOddText, type: null };
}

// It is written into every event of the batch: without a bound, 4 MB times 2,500.
function checkContext(context: JsonRecord, events: number, limits: Limits, mayHoldOddText: boolean): Fault | null {
  const fault = inspect(context, limits, mayHoldOddText, '$.context');
  if (fault !== null) return { ...fault, code: 'bad_body' };
  const bytes = JSON.stringify(context).length;
  if (bytes > limits.eventBytes) return faultOf('bad_body', '$.context', `more than ${limits.eventBytes} bytes`);
  if (bytes * events > limits.sharedContextBytes) {
    throw new KenalError('body_too_large', 'the shared context is too large for so many events', { path: '$.context' });
  }
  return null;
}

/** Where each event lies in the body: looked up only where one may be over the limit, or has failed. */
function positions(body: Buffer, limits: Limits): Pick<EventBatch, 'bytesOf' | 'sizeOf'> {
  let slices: readonly Slice[] | null = null;
  const sliceOf = (index: number): Slice => {
    slices ??= sliceBatch(body);
    return slices[index] ?? { start: 0, end: body.length };
  };
  const allSmall = body.length <= limits.eventBytes;
  return {
    bytesOf: (index) => body.subarray(sliceOf(index).start, sliceOf(index).end),
    sizeOf: (index) => (allSmall ? body.length : sliceOf(index).end - sliceOf(index).start),
  };
}
