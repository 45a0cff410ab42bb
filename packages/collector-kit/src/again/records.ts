import { FAILED_BODY } from '@kenal/contracts';
import { batchOf } from '../event-batch.ts';
import { faultOf } from '../fault.ts';
import { parseBody } from '../json/body.ts';
import type { Limits } from '../limits.ts';
import type { BatchAgain } from './batch-again.ts';

/** One reference record, or the body of a whole call of them. What a page sent is none, whatever content type it named. */
export function createRecordsAgain(limits: Limits): BatchAgain {
  return async (_source, { body, frame }) => {
    if (frame.isPublic === true)
      return { batch: batchOf([]), faults: [faultOf('forbidden', '$', 'records need a key of scope secret')] };
    const parsed = await parseBody(body, true, limits, 'records');
    if (!parsed.ok) return { batch: batchOf([]), faults: [parsed.fault] };
    const { hasList, events, envelope } = parsed.value;
    const records = hasList ? events : [envelope];
    return { batch: batchOf(records, { of: 'records', contentType: FAILED_BODY.record }), faults: [] };
  };
}
