import { FAILED_BODY } from '@kenal/contracts';
import { batchOf } from '../event-batch.ts';
import type { Limits } from '../limits.ts';
import { readJson } from '../webhook/payload.ts';
import type { BatchAgain } from './batch-again.ts';
import { createCloudEventsAgain, isCloudEvents } from './cloudevents.ts';
import { createRecordsAgain } from './records.ts';
import type { FailedAgain } from './request.ts';
import { createTrackingAgain } from './tracking.ts';

/** What is read alike whatever the kind of its source: a write key opens the tracking API and CloudEvents for all of them. */
interface BodyReader {
  readonly reads: (failed: FailedAgain) => boolean;
  readonly batchOf: BatchAgain;
}

/** By what a failed body is, else by the kind of its source. */
export function byContentType(limits: Limits, ofKind: BatchAgain): BatchAgain {
  const readers: readonly BodyReader[] = [
    // A tracking call says so in its frame; its content type is whatever the client wrote
    { reads: ({ frame }) => 'type' in frame, batchOf: createTrackingAgain(limits) },
    { reads: ({ contentType }) => contentType === FAILED_BODY.record, batchOf: createRecordsAgain(limits) },
    { reads: ({ contentType }) => contentType === FAILED_BODY.event, batchOf: madeEventAgain },
    { reads: isCloudEvents, batchOf: createCloudEventsAgain(limits) },
  ];
  return (source, failed) => (readers.find(({ reads }) => reads(failed))?.batchOf ?? ofKind)(source, failed);
}

/** An event that a mapping had made. */
const madeEventAgain: BatchAgain = async (_source, { body }) => {
  const read = readJson(body);
  if (!read.ok) return { batch: batchOf([]), faults: [read.fault] };
  return { batch: batchOf([read.value], { listed: false, contentType: FAILED_BODY.event }), faults: [] };
};
