import { mkdirSync, realpathSync } from 'node:fs';
import type { EventLog } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Accumulator } from '../accumulator.ts';
import { createAppender } from './appender.ts';
import { type EmbeddedSubscription, subscribeEmbedded } from './subscription.ts';
import { openTopicReader, type TopicReader } from './topic-reader.ts';
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
  const readers = new Map<string, TopicReader>();
  const appenders = new Map<string, Accumulator>();
  const subscriptions = new Set<EmbeddedSubscription>();
  let closed = false;

  const wakeups = createWakeups(channel, (topic) => {
    for (const subscription of subscriptions) subscription.wake(topic);
  });
  const reader = (topic: string): TopicReader | null => {
    const known = readers.get(topic) ?? openTopicReader(logDir, topic);
    if (known !== null) readers.set(topic, known);
    return known;
  };
  const appender = (topic: string): Accumulator => {
    const known = appenders.get(topic);
    if (known !== undefined) return known;
    const found = reader(topic);
    if (found === null) throw new KenalError('log_unavailable', `topic ${topic} does not exist`);
    const made = createAppender(found.partitions, (parts) =>
      link.request<'append'>(
        { kind: 'append', topic, parts },
        parts.map(({ data }) => data.buffer),
      ),
    );
    appenders.set(topic, made);
    return made;
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
      return appender(topic).append(topic, records);
    },
    async read({ topic, partition, offset }, { records }) {
      open();
      return reader(topic)?.read(partition, offset, records).slice(0, records) ?? [];
    },
    async subscribe(wanted) {
      open();
      const watched = (topic: string): TopicReader | null => {
        const found = reader(topic);
        if (found !== null) wakeups.watch(topic, found);
        return found;
      };
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
      return reader(topic)?.ranges() ?? [];
    },
    committed,
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await Promise.all([...appenders.values()].map((one) => one.drained()));
      wakeups.stop();
      for (const one of readers.values()) one.close();
      await link.close();
    },
  };
}
