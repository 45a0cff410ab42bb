import { join } from 'node:path';
import type { EventLog } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { LogSink } from './log-sink.ts';

export interface EventLogOptions {
  /** `host:port` of one or more brokers, separated by commas: then the log is Kafka. */
  readonly kafkaBrokers?: string | undefined;
  /** Without brokers the log lives here, under `log/`. */
  readonly dataDir?: string | undefined;
  /** Names this process to the broker. */
  readonly clientId: string;
  readonly logger?: LogSink | undefined;
}

/** Open the log that the options choose; the vendor's code is loaded for that one only. */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { kafkaBrokers, dataDir, clientId, logger } = options;
  if (kafkaBrokers !== undefined && kafkaBrokers.trim() !== '') {
    const { openKafkaLog } = await import('./kafka/index.ts');
    return openKafkaLog({ brokers: kafkaBrokers, clientId, ...(logger === undefined ? {} : { logger }) });
  }
  if (dataDir === undefined || dataDir === '')
    throw new KenalError('bad_config', 'the event log needs KAFKA_BROKERS or a data directory');
  const { openEmbeddedLog } = await import('./embedded/index.ts');
  return openEmbeddedLog({ logDir: join(dataDir, 'log') });
}
