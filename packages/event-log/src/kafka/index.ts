import type { EventLog, Subscription } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { type LogSink, SILENT } from '../log-sink.ts';
import { createKafkaAdmin } from './admin.ts';
import { createKafkaAppender } from './appender.ts';
import { createClient } from './client.ts';
import { createKafkaFetcher } from './fetch.ts';
import { subscribeKafka } from './subscription.ts';

export interface KafkaLogOptions {
  /** `host:port` of one or more brokers, separated by commas. */
  readonly brokers: string;
  readonly clientId: string;
  readonly logger?: LogSink;
  /** How long records are gathered while no request is on its way, milliseconds. Default 1. */
  readonly lingerMs?: number;
  /** After it an append, or a question, is refused with `log_unavailable`. Default 10,000 ms. */
  readonly timeoutMs?: number;
  /** How long `ensureTopics` waits for the broker. Default 120,000 ms. */
  readonly startTimeoutMs?: number;
  /** A member that was silent for so long has lost its partitions. Default 10,000 ms, the broker's least is 6,000. */
  readonly sessionTimeoutMs?: number;
  /** A member that gets nothing for so long although there is something joins anew. Default 15,000 ms. */
  readonly stallMs?: number;
}

/** The event log on Kafka. Connects when first used, and again whenever the connection was lost. */
export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  const { brokers, clientId, logger = SILENT, timeoutMs = 10_000 } = options;
  const clientOptions = { brokers, clientId, logger };
  const client = createClient(clientOptions);
  const admin = createKafkaAdmin(client, logger, timeoutMs);
  const fetcher = createKafkaFetcher(client, timeoutMs);
  const appender = createKafkaAppender({
    client,
    logger,
    lingerMs: options.lingerMs ?? 1,
    timeoutMs,
    partitionsOf: admin.partitionsOf,
  });
  const subscriptions = new Set<Subscription>();
  let closed = false;

  const open = (): void => {
    if (closed) throw new KenalError('log_unavailable', 'the log is closed');
  };
  return {
    async ensureTopics(topics) {
      open();
      await admin.ensureTopics(topics, options.startTimeoutMs ?? 120_000);
    },
    async append(topic, records) {
      open();
      await admin.partitionsOf([topic]); // a topic that is not there must not hold up the others
      return appender.append(topic, records);
    },
    async read(from, { records }) {
      open();
      return fetcher.fetch(from, records, async () => {
        const range = (await admin.ranges(from.topic)).find(({ partition }) => partition === from.partition);
        return range?.earliest ?? 0;
      });
    },
    async subscribe(wanted) {
      open();
      const subscription = subscribeKafka(wanted, {
        client: clientOptions,
        admin,
        logger,
        sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
        stallMs: options.stallMs ?? 15_000,
      });
      subscriptions.add(subscription);
      return {
        ...subscription,
        async stop() {
          await subscription.stop();
          subscriptions.delete(subscription);
        },
      };
    },
    async ranges(topic) {
      open();
      return admin.ranges(topic);
    },
    async committed(group, topics) {
      open();
      return admin.committed(group, topics);
    },
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
      await appender.drained();
      await Promise.all([appender.close(), fetcher.close(), admin.close()]);
    },
  };
}
