import { batchOf, type EventBatch, faultOf, type Limits, type Outcome, type ParsedBody } from '@kenal/collector-kit';
import { FAILED_BODY } from '@kenal/contracts';

/** The reference records of `{records: […]}`. @returns fault `bad_body` where there is no list */
export function readRecords(parsed: ParsedBody, body: Buffer, limits: Limits): Outcome<EventBatch> {
  const { events, hasList, sliceOf, mayHoldOddText } = parsed;
  if (!hasList) return { ok: false, fault: faultOf('bad_body', '$.records', 'expected a list of records') };
  const allSmall = body.length <= limits.eventBytes; // then none needs to be measured
  return {
    ok: true,
    value: batchOf(events, {
      of: 'records',
      bytesOf: (index) => body.subarray(sliceOf(index).start, sliceOf(index).end),
      sizeOf: (index) => (allSmall ? body.length : sliceOf(index).end - sliceOf(index).start),
      contentType: FAILED_BODY.record,
      mayHoldOddText,
    }),
  };
}
