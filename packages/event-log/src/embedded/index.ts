import { mkdirSync, realpathSync } from 'node:fs';
import type { EventLog } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createAppenders } from './appenders.ts';
import { type EmbeddedSubscription, subscribeEmbedded } from './subscription.ts';
import type { TopicReader } from './topic-reader.ts';
import { createTopicReaders } from './topic-readers.ts';
import { createWakeups } from './wakeups.ts';
import { createWriterLink } from './writer-link.ts';

export interface EmbeddedLogOptions {
  /** Folder of the log's files: one SQLite file a topic, and `groups.sqlite`. Made where it is missing. */
  readonly logDir: string;
  /** A member that was silent for so long has lost its partitions, milliseconds. Default 3,000. */
  readonly leaseMs?: number;
  /** How often what is past its retention is dropped, milliseconds. Default 60,000. */
  readonly retentionCheckMs?: number;
}

/**
 * The event log on one machine: SQLite in WAL mode, fsynced before an append is acknowledged. Any number of threads and
 * processes may open the same folder.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EventLog> {
  mkdirSync(options.logDir, { recursive: true });
  const logDir = realpathSync(options.logDir);
  const channel = `kenal-log:${logDir}`;
  const link = createWriterLink({
    logDir,
    channel,
    leaseMs: options.leaseMs ?? 3_000,
    retentionCheckMs: options.retentionCheckMs ?? 60_000,
  });
  const readers = createTopicReaders(logDir);
  const appenders = createAppenders(link, readers);
  const subscriptions = new Set<EmbeddedSubscription>();
  let closed = false;

  const wakeups = createWakeups(channel, (topic) => {
    for (const subscription of subscriptions) subscription.wake(topic);
  });
  const watched = (topic: string): TopicReader | null => {
    const reader = readers.of(topic);
    if (reader !== null) wakeups.watch(topic, reader);
    return reader;
  };
  const open = (): void => {
    if (closed) throw new KenalError('log_unavailable', 'the log is closed');
  };
  const committed: EventLog['committed'] = (group, topics) =>
    link.request<'committed'>({ kind: 'committed', group, topics });

  return {
    async ensureTopics(topics) {
      open();
      await link.request<'ensure'>({ kind: 'ensure', topics });
    },
    async append(topic, records) {
      open();
      return appenders.append(topic, records);
    },
    async read({ topic, partition, offset }, { records }) {
      open();
      return readers.of(topic)?.read(partition, offset, records).slice(0, records) ?? [];
    },
    async subscribe(wanted) {
      open();
      const subscription = await subscribeEmbedded(wanted, { link, reader: watched, committed });
      subscriptions.add(subscription);
      return {
        commit: subscription.commit,
        rewind: subscription.rewind,
        async stop() {
          await subscription.stop();
          subscriptions.delete(subscription);
        },
      };
    },
    async ranges(topic) {
      open();
      return readers.of(topic)?.ranges() ?? [];
    },
    committed,
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await appenders.drained();
      wakeups.stop();
      readers.close();
      await link.close();
    },
  };
}
