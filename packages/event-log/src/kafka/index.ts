import type { EventLog } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { LogSink } from '../log-sink.ts';

export interface KafkaLogOptions {
  readonly brokers: string;
  readonly clientId: string;
  readonly logger?: LogSink;
}

export async function openKafkaLog(_options: KafkaLogOptions): Promise<EventLog> {
  throw new KenalError('unavailable', 'Kafka');
}
