import {
  type HowDelivered,
  type LogPosition,
  matches,
  type NewJob,
  type StoredRecord,
  TOPICS,
  webhookJob,
} from '@kenal/contracts';
import type { WebhookEndpoint } from '@kenal/service-kit';
import type { FeedEvent, FeedEvents } from './feed-events.ts';

/** Topics that an endpoint is told of. */
export function topicsOf({ actions }: Pick<WebhookEndpoint, 'actions'>): readonly string[] {
  return [TOPICS.changes.name, ...(actions ? [TOPICS.actions.name] : [])];
}

/** Whether an endpoint is told of an event. */
function isWanted({ filter, actions }: Pick<WebhookEndpoint, 'filter' | 'actions'>, event: FeedEvent): boolean {
  return event.kind === 'change' ? matches(filter, event.envelope) : actions;
}

/** Of records those that an endpoint is told of, as jobs in their order. */
export function wantedJobs(
  endpoint: WebhookEndpoint,
  records: readonly StoredRecord[],
  events: Pick<FeedEvents, 'of'>,
  how: HowDelivered,
): NewJob[] {
  return records.flatMap((record) => {
    const event = events.of(record, endpoint.workspace);
    return event !== null && isWanted(endpoint, event) ? [jobOf(endpoint, event, record, how)] : [];
  });
}

function jobOf(
  { workspace, id: endpoint }: WebhookEndpoint,
  { envelope }: FeedEvent,
  { topic, partition, offset }: LogPosition,
  how: HowDelivered,
): NewJob {
  const { id: event, type, profileId } = envelope;
  return webhookJob({ workspace, endpoint, event, type, profileId, topic, partition, offset }, how);
}
