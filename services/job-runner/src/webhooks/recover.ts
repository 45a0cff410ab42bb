import {
  type Clock,
  type EventLog,
  type HowDelivered,
  type JobQueue,
  type LogPosition,
  MICROS_PER_DAY,
  MICROS_PER_MILLI,
  webhookGroup,
} from '@kenal/contracts';
import { firstSince } from '@kenal/event-log';
import type { WebhookEndpoint } from '@kenal/service-kit';
import type { Attempts } from './attempts.ts';
import type { FeedEvents } from './feed-events.ts';
import { topicsOf, wantedJobs } from './wanted.ts';

export interface RecoverDeps {
  readonly log: Pick<EventLog, 'read' | 'ranges' | 'committed'>;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly events: Pick<FeedEvents, 'of'>;
  readonly attempts: Pick<Attempts, 'settled' | 'flush'>;
  readonly clock: Clock;
  readonly how: HowDelivered;
}

/** A delivery has its last attempt within four days; one that stood behind another of its profile, later. */
const ALL_MS = (8 * MICROS_PER_DAY) / MICROS_PER_MILLI;
/** What a Redis that fell may lack is a second old; it may have been away for a while. */
const RECENT_MS = 600_000;
const PAGE = 200;

/**
 * Put into the queue again what the endpoint was to get and did not, by the feed and the log of attempts: what its group
 * has read in the last days, and what came to no end. What waits already stays as it is.
 */
export function createRecover({ log, queue, events, attempts, clock, how }: RecoverDeps) {
  async function recoverPartition(
    endpoint: WebhookEndpoint,
    { topic, partition, offset: end }: LogPosition,
    since: number,
  ): Promise<number> {
    const range = (await log.ranges(topic)).find((one) => one.partition === partition);
    const made = endpoint.startAt.find((at) => at.topic === topic && at.partition === partition)?.offset ?? 0;
    const earliest = Math.max(range?.earliest ?? 0, made);
    let at = await firstSince(log, { topic, partition, earliest, latest: end }, since);
    let count = 0;
    while (at < end) {
      const read = await log.read({ topic, partition, offset: at }, { records: PAGE });
      const records = read.filter(({ offset }) => offset < end);
      if (records.length === 0) break;
      const jobs = wantedJobs(endpoint, records, events, how);
      const ids = jobs.map(({ data }) => String(data.event));
      const settled = ids.length === 0 ? new Set() : await attempts.settled(endpoint.workspace, endpoint.id, ids);
      const left = jobs.filter(({ data }) => !settled.has(String(data.event)));
      // Without a bound on how many wait: they had their place in the queue before
      if (left.length > 0) await queue.add(left);
      count += left.length;
      at = records.at(-1)!.offset + 1;
    }
    return count;
  }

  /** @returns how many deliveries the queue has now, those among them that it had */
  return async function recover(endpoint: WebhookEndpoint, what: 'all' | 'recent'): Promise<number> {
    await attempts.flush();
    const since = clock() / MICROS_PER_MILLI - (what === 'all' ? ALL_MS : RECENT_MS);
    const ends = await log.committed(webhookGroup(endpoint.id), topicsOf(endpoint));
    const counts = await Promise.all(ends.map((end) => recoverPartition(endpoint, end, since)));
    return counts.reduce((sum, one) => sum + one, 0);
  };
}
