import kafkajs, { type Kafka, type LogEntry } from 'kafkajs';
import type { LogSink } from '../log-sink.ts';

// One object for the library's names: a CommonJS module has them only on its default import.
const { Kafka: Client, logLevel } = kafkajs;

export interface ClientOptions {
  /** `host:port`, separated by commas. */
  readonly brokers: string;
  readonly clientId: string;
  readonly logger: LogSink;
}

/**
 * A client whose own retries are short: the adapter retries above it, with a bound in time and a visible reason.
 * Each consumer needs one of its own: kafkajs keeps the committed offsets of a group once per client, and two members
 * in one process would share them.
 */
export function createClient({ brokers, clientId, logger }: ClientOptions): Kafka {
  return new Client({
    brokers: brokers.split(',').map((broker) => broker.trim()),
    clientId,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { retries: 5, initialRetryTime: 50, maxRetryTime: 500, multiplier: 2, factor: 0.2 },
    logLevel: logLevel.WARN,
    // What kafkajs calls an error it mostly heals by itself a moment later; what it does not heal comes back as one.
    logCreator: () => (entry: LogEntry) => {
      const { message, ...fields } = entry.log;
      logger.debug({ namespace: entry.namespace, ...fields, level: entry.label, said: message }, 'kafkajs');
    },
  });
}
