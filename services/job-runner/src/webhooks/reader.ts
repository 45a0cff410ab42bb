import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventLog,
  type HowDelivered,
  type JobQueue,
  type LogBatch,
  type LogPosition,
  type Subscription,
  type TopicPartition,
  WEBHOOK_MOST_WAITING,
  webhookGroup,
} from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import type { Logger, WebhookEndpoint } from '@kenal/service-kit';
import type { FeedEvents } from './feed-events.ts';
import { topicsOf, wantedJobs } from './wanted.ts';
import type { WholeQueue } from './whole-queue.ts';

export interface ReaderDeps {
  readonly log: Pick<EventLog, 'subscribe' | 'committed' | 'ranges'>;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly events: Pick<FeedEvents, 'of'>;
  /** The endpoint as it is now; undefined where it is no more. */
  readonly endpoint: () => WebhookEndpoint | undefined;
  /** Whether the queue has all that was ever put into it. */
  readonly whole: WholeQueue;
  readonly how: HowDelivered;
  readonly logger: Logger;
}

const BATCH_RECORDS = 200;
/** After the first try; after each further one longer by as much. */
const KEEP_MS = 100;
const MOST_KEEP_MS = 5_000;

/**
 * Reads the feed for one endpoint: its place is what its own consumer group has committed, and it is committed when what
 * is to be delivered stands in the queue. With as many waiting as an endpoint may have it stands still, and no other.
 */
export async function readFeed(first: WebhookEndpoint, deps: ReaderDeps): Promise<Subscription> {
  const { log, queue, events, endpoint, whole, how, logger } = deps;
  const { workspace, id, name } = first;
  const group = webhookGroup(id);
  const topics = topicsOf(first);
  const subscribed = Promise.withResolvers<Subscription>();
  /** Partitions that are past their start. */
  const moved = new Set<string>();
  let stopped = false;

  /** Where nothing was ever read: where the feed stood when the endpoint was made, or, of kenal.yaml, stands now. */
  async function startAt(assigned: readonly TopicPartition[]): Promise<readonly LogPosition[]> {
    const committed = new Set((await log.committed(group, topics)).map(placeOf));
    const fresh = assigned.filter((at) => !committed.has(placeOf(at)));
    if (fresh.length === 0) return [];
    const made = new Map(first.startAt.map((at) => [placeOf(at), at.offset]));
    const ends = new Map((await Promise.all(topics.map(log.ranges))).flat().map((at) => [placeOf(at), at.latest]));
    const starts = fresh.map(({ topic, partition }) => {
      const at = placeOf({ topic, partition });
      return { topic, partition, offset: made.get(at) ?? ends.get(at) ?? 0 };
    });
    void keep(starts);
    return starts;
  }

  /**
   * It stays there, also where nothing comes before the next start: what came in between would be left out. Partitions are
   * ours a moment after they were given, and the log may be away.
   */
  async function keep(starts: readonly LogPosition[]): Promise<void> {
    const subscription = await subscribed.promise;
    const isKept = async (): Promise<boolean> => {
      const kept = new Set((await log.committed(group, topics)).map(placeOf));
      const left = starts.filter((at) => !kept.has(placeOf(at)) && !moved.has(placeOf(at)));
      if (left.length > 0) await subscription.commit(left);
      return left.length === 0;
    };
    for (let waitMs = KEEP_MS; !stopped; waitMs = Math.min(waitMs + KEEP_MS, MOST_KEEP_MS)) {
      await sleep(waitMs);
      if (await isKept().catch(() => false)) return;
    }
  }

  async function onBatch({ topic, partition, records }: LogBatch): Promise<void> {
    const now = endpoint();
    if (now === undefined) return;
    await whole.check();
    const jobs = wantedJobs(now, records, events, { ...how, most: WEBHOOK_MOST_WAITING });
    if (jobs.length > 0) await queue.add(jobs);
    moved.add(placeOf({ topic, partition }));
    await (await subscribed.promise).commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
  }

  const subscription = await log.subscribe({
    ...{ group, topics, maxBatchRecords: BATCH_RECORDS, startAt, onBatch },
    onError: (err) => {
      if (isKenalError(err, 'unavailable')) whole.doubt();
      // As many wait as may: that is no fault
      if (!isKenalError(err, 'overloaded'))
        logger.warn({ err, workspace, webhook: name }, 'an endpoint waits for the feed');
    },
  });
  subscribed.resolve(subscription);
  return {
    ...subscription,
    async stop() {
      stopped = true;
      await subscription.stop();
    },
  };
}

function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
