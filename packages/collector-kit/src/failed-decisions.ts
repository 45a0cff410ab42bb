import type { FailedChange, FailedEvent, LogRecord } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { Source } from './source.ts';

/** What becomes of a failed event, and its repaired body. */
export interface FailedDecision extends FailedChange {
  readonly failureId: string;
  /** Empty where it is left as it came. */
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** Keeps a decision about a failed event, beside it in the log. @throws KenalError `log_unavailable` */
export type DecideFailed = (source: Source, decision: FailedDecision) => Promise<void>;

/** @param append puts a record into the topic of the failed events, durably */
export function createDecideFailed(append: (record: LogRecord) => Promise<unknown>): DecideFailed {
  const codec = createCodec<FailedEvent>('failed');
  return async ({ workspace, id }, { failureId, body, contentType, ...change }) => {
    const value: FailedEvent = {
      ...{ failureId, workspace, source: id, messageId: '', receivedAt: change.at, failedAt: change.at },
      ...{ stage: 'collector', code: '', path: '', reason: '', receipt: null, contentType, frame: '', change },
      body: body as FailedEvent['body'],
    };
    await append({ key: `${workspace}/${id}`, value: codec.encode(value) });
  };
}
