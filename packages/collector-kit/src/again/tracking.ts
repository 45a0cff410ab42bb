import { batchOf } from '../event-batch.ts';
import { parseBody } from '../json/body.ts';
import { isRecord } from '../json/inspect.ts';
import type { Limits } from '../limits.ts';
import type { BatchAgain } from './batch-again.ts';

/** One event of a tracking call, with what the call had said of all its events; or the body of a whole call. */
export function createTrackingAgain(limits: Limits): BatchAgain {
  return async (_source, { body, frame }) => {
    const { type = null, sentAt = null, context = null, anonymousId = null } = frame;
    const parsed = await parseBody(body, true, limits);
    if (!parsed.ok) return { batch: batchOf([]), faults: [parsed.fault] };
    const { hasList, events, envelope } = parsed.value;
    const batch = batchOf(hasList ? events : [envelope], {
      listed: hasList,
      type: typeof type === 'string' ? type : null,
      sentAt: hasList ? (envelope.sentAt ?? sentAt) : sentAt,
      context: hasList && isRecord(envelope.context) ? envelope.context : isRecord(context) ? context : null,
      anonymousId: typeof anonymousId === 'string' ? anonymousId : null,
    });
    return { batch, faults: [] };
  };
}
