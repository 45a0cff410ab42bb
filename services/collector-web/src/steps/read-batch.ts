import {
  type EventBatch,
  faultOf,
  inspect,
  isRecord,
  type Limits,
  type Outcome,
  type ParsedBody,
} from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';

/** What a body is read with. */
export interface BodyFrame {
  readonly body: Buffer;
  readonly contentType: string;
  /** Type from the path; null where the body is a batch. */
  readonly type: string | null;
  readonly anonymousId: string | null;
  /** Its key is one that anybody can read in a page. */
  readonly isPublic: boolean;
}

/** The one event of a body. What is no object is refused where events are. */
export function readSingle(parsed: ParsedBody, frame: BodyFrame): EventBatch {
  const { body, contentType, type, anonymousId, isPublic } = frame;
  return {
    events: parsed.events,
    listed: false,
    bytesOf: () => body,
    sizeOf: () => body.length,
    contentType,
    mayHoldOddText: parsed.mayHoldOddText,
    type,
    sentAt: null,
    context: null,
    anonymousId,
    isPublic,
  };
}

/**
 * The events of `{batch: […], sentAt, context?}`, or of a bare list. Of the envelope only `sentAt` and `context` reach
 * the events: its messageId, type, timestamp and sequence are its own.
 * @returns fault `bad_body` where there is no list, or the envelope's context is not fit for any event
 * @throws KenalError `body_too_large` where the shared context is too much for so many events
 */
export function readBatch(parsed: ParsedBody, frame: BodyFrame, limits: Limits): Outcome<EventBatch> {
  const { events, envelope } = parsed;
  if (!parsed.hasList) return { ok: false, fault: faultOf('bad_body', '$.batch', 'expected a list of events') };
  const context = sharedContext(parsed, limits);
  if (!context.ok) return context;
  const { body, contentType, anonymousId, isPublic } = frame;
  const allSmall = body.length <= limits.eventBytes; // then no event needs to be measured
  const sizeOf = (index: number): number => parsed.sliceOf(index).end - parsed.sliceOf(index).start;
  return {
    ok: true,
    value: {
      events,
      listed: true,
      bytesOf: (index) => body.subarray(parsed.sliceOf(index).start, parsed.sliceOf(index).end),
      sizeOf: allSmall ? () => body.length : sizeOf,
      contentType,
      mayHoldOddText: parsed.mayHoldOddText,
      type: null,
      sentAt: envelope.sentAt,
      context: context.value,
      anonymousId,
      isPublic,
    },
  };
}

// It is written into every event of the batch: without a bound, 4 MB times 2,500.
function sharedContext(parsed: ParsedBody, limits: Limits): Outcome<Record<string, unknown> | null> {
  const { context } = parsed.envelope;
  if (!isRecord(context)) return { ok: true, value: null };
  const fault = inspect(context, limits, parsed.mayHoldOddText, '$.context');
  if (fault !== null) return { ok: false, fault: { ...fault, code: 'bad_body' } };
  const bytes = JSON.stringify(context).length;
  if (bytes > limits.eventBytes) {
    return { ok: false, fault: faultOf('bad_body', '$.context', `more than ${limits.eventBytes} bytes`) };
  }
  if (bytes * parsed.events.length > limits.sharedContextBytes) {
    throw new KenalError('body_too_large', 'the shared context is too large for so many events', { path: '$.context' });
  }
  return { ok: true, value: context };
}
