import { FAILED_BODY } from '@kenal/contracts';
import { isCloudCall, readCall } from '../cloudevents/read.ts';
import { toEvent } from '../cloudevents/to-event.ts';
import { batchOf } from '../event-batch.ts';
import type { Limits } from '../limits.ts';
import { headersIn } from '../webhook/kept-item.ts';
import type { BatchAgain } from './batch-again.ts';
import type { FailedAgain } from './request.ts';

/** Whether it is a CloudEvent, or a whole call of them. */
export function isCloudEvents({ contentType, frame }: FailedAgain): boolean {
  return isCloudCall({ ...headersIn(frame), 'content-type': contentType });
}

export function createCloudEventsAgain(limits: Limits): BatchAgain {
  return async (source, { contentType, body, frame }) => {
    const call = await readCall({ ...headersIn(frame), 'content-type': contentType }, body, limits);
    if (!call.ok) return { batch: batchOf([]), faults: [call.fault] };
    const mapped = call.value.events.map((event) =>
      event.ok ? toEvent(event.value, source, frame.isPublic === true) : event,
    );
    const events = mapped.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
    const faults = mapped.flatMap((outcome) => (outcome.ok ? [] : [outcome.fault]));
    // What a page claimed is out of the events by now; whom their subject names is not
    const { listed } = call.value;
    return { batch: batchOf(events, { listed, contentType: FAILED_BODY.event, isPublic: false }), faults };
  };
}
