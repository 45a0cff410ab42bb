import {
  type Clock,
  formatTime,
  type JobHandler,
  MICROS_PER_DAY,
  MICROS_PER_MILLI,
  MICROS_PER_SECOND,
  matches,
  type WebhookDelivery,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { envelopeShown, SHOWN } from '@kenal/identity';
import { type Logger, signWebhook, type WebhookEndpoint } from '@kenal/service-kit';
import type { Attempts, Outcome } from './attempts.ts';
import type { ErasedPeople } from './erased-people.ts';
import type { FeedEvent, FeedEvents } from './feed-events.ts';
import type { Post, Reply } from './post.ts';
import type { WebhookMetrics } from './webhook-metrics.ts';

export interface DeliverDeps {
  /** Also one that was made a moment ago. */
  readonly endpointOf: (workspace: string, id: string) => Promise<WebhookEndpoint | undefined>;
  readonly events: Pick<FeedEvents, 'at'>;
  readonly erased: ErasedPeople;
  readonly post: Post;
  readonly attempts: Pick<Attempts, 'add' | 'isSilent'>;
  /** Stop an endpoint, with a reason for people. */
  readonly disable: (endpoint: WebhookEndpoint, reason: string) => Promise<void>;
  readonly metrics: Pick<WebhookMetrics, 'attempts' | 'seconds'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An endpoint that took nothing for so long is stopped when a delivery to it has used up its attempts. */
const PATIENCE_DAYS = 5;
/** `retry-after` is honoured up to the longest wait of the table. */
const MOST_WAIT_MS = 86_400_000;
const GONE = 410;
const PING = 'ping';

/** An attempt that another one may mend. */
class DeliveryError extends Error {
  /** As `JobQueue` reads it. */
  readonly waitMs: number;
  constructor({ error, retryAfterMs }: Reply) {
    super(error);
    this.name = 'DeliveryError';
    this.waitMs = Math.min(retryAfterMs, MOST_WAIT_MS);
  }
}

/** What there is to send, or why nothing is sent. */
type Found = { readonly body: string } | 'erased' | 'lost';

/** The work of a job `webhook`: one attempt of one delivery. */
export function createDeliver(deps: DeliverDeps): JobHandler {
  const { endpointOf, events, erased, post, attempts, disable, metrics, clock, logger } = deps;

  async function find(delivery: WebhookDelivery, endpoint: WebhookEndpoint): Promise<Found> {
    const { workspace, event: id, type, topic, partition, offset } = delivery;
    if (type === PING) return { body: JSON.stringify({ id, type, workspace, occurredAt: formatTime(clock()) }) };
    const event = await events.at({ topic, partition, offset }, workspace);
    if (event === null || event.envelope.id !== id) return 'lost';
    const envelope = await told(event, endpoint);
    return envelope === null ? 'erased' : { body: JSON.stringify(envelope) };
  }

  /** What may be told of it now, as the feed tells it; null: nothing. */
  async function told(event: FeedEvent, { filter }: WebhookEndpoint): Promise<FeedEvent['envelope'] | null> {
    const { kind, envelope } = event;
    if (kind === 'action') {
      const { workspace, profileId, decidedAt } = event.action;
      return (await erased.ofProfile(workspace, profileId, decidedAt)) ? null : envelope;
    }
    const shown = await erased.ofChange(event.change);
    const seen = envelopeShown(event.envelope, shown);
    return seen === null || shown === SHOWN.whole || matches(filter, seen) ? seen : null;
  }

  /** Nobody answered for days: whoever runs it is told once, instead of by a thousand dead jobs. */
  async function stopIfSilent(endpoint: WebhookEndpoint, { error }: Reply): Promise<void> {
    const { workspace, id } = endpoint;
    const isSilent = await attempts.isSilent(workspace, id, clock() - PATIENCE_DAYS * MICROS_PER_DAY);
    if (isSilent) await disable(endpoint, `took nothing for ${PATIENCE_DAYS} days, at last: ${error}`);
  }

  async function stop(what: Promise<void>, { workspace, name }: WebhookEndpoint): Promise<void> {
    await what.catch((err: unknown) =>
      logger.warn({ err, workspace, webhook: name }, 'an endpoint could not be stopped'),
    );
  }

  return async function deliver({ data, attempt, attempts: most }, progress) {
    const delivery = data as unknown as WebhookDelivery;
    const { workspace, event: id } = delivery;
    const endpoint = await endpointOf(workspace, delivery.endpoint);
    if (endpoint === undefined) return progress(0, 1, 'the endpoint was removed: nothing was sent');
    const at = clock();
    const note = (outcome: Outcome, reply: Partial<Reply> = {}): void => {
      const { status = 0, error = '', head = '' } = reply;
      const milliseconds = Math.round((clock() - at) / MICROS_PER_MILLI);
      metrics.attempts.inc({ outcome });
      if (reply.status !== undefined) metrics.seconds.observe(milliseconds / 1_000);
      attempts.add({ ...{ delivery, name: endpoint.name, attempt, at, outcome, status, milliseconds, error }, head });
    };
    if (!endpoint.enabled && delivery.type !== PING) return note('disabled');
    const found = await find(delivery, endpoint);
    if (found === 'erased') return note('erased');
    if (found === 'lost') {
      note('dead', { error: 'the log has it no more' });
      throw new KenalError('not_found', 'the log has the event no more');
    }
    const timestamp = Math.floor(at / MICROS_PER_SECOND);
    const signature = signWebhook(endpoint.secrets(at), { id, timestamp, body: found.body });
    const reply = await post({
      ...{ url: endpoint.url, allowsLoopback: endpoint.allowsLoopback, body: found.body },
      headers: {
        ...{ 'content-type': 'application/json', 'user-agent': 'Kenal-Webhooks/1' },
        ...{ 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature },
      },
    });
    // What a receiver says of what it took may name people, and helps nobody
    if (reply.error === '') return note('delivered', { ...reply, head: '' });
    if (reply.status === GONE) {
      note('gone', reply);
      return stop(disable(endpoint, 'answered 410: it is there no more'), endpoint);
    }
    const isLast = attempt >= most;
    note(isLast ? 'dead' : 'failed', reply);
    if (isLast && delivery.type !== PING) await stop(stopIfSilent(endpoint, reply), endpoint);
    throw new DeliveryError(reply);
  };
}
