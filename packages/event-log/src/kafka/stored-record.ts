import type { StoredRecord } from '@kenal/contracts';
import type { KafkaMessage } from 'kafkajs';

const NOTHING = new Uint8Array(0);

/** As the port gives it. A header that came more than once keeps its first value. */
export function toStoredRecord(topic: string, partition: number, message: KafkaMessage): StoredRecord {
  const base = {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key === null ? null : message.key.toString('utf8'),
    value: message.value ?? NOTHING,
  };
  if (message.headers === undefined || Object.keys(message.headers).length === 0) return base;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first.toString('utf8');
  }
  return { ...base, headers };
}
