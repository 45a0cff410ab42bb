import { type EventLog, type FailedChange, type FailedEvent, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import type { Source } from './source.ts';

/** What becomes of a failed event, and its repaired body. */
export interface FailedDecision extends FailedChange {
  readonly failureId: string;
  /** Empty where it is left as it came. */
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** Keeps decisions about failed events, beside them in the log. @throws KenalError `log_unavailable` */
export type DecideFailed = (source: Source, decision: FailedDecision) => Promise<void>;

export function createDecideFailed(log: EventLog): DecideFailed {
  const codec = createCodec<FailedEvent>('failed');
  return async ({ workspace, id }, { failureId, body, contentType, ...change }) => {
    const value: FailedEvent = {
      ...{ failureId, workspace, source: id, messageId: '', receivedAt: change.at, failedAt: change.at },
      ...{ stage: 'collector', code: '', path: '', reason: '', receipt: null, contentType, frame: '', change },
      body: body as FailedEvent['body'],
    };
    await log.append(TOPICS.failed.name, [{ key: `${workspace}/${id}`, value: codec.encode(value) }]);
  };
}
