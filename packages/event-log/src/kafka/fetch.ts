import type { LogPosition, StoredRecord } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { toLogFault, typeOf, within } from './fault.ts';
import { toStoredRecord } from './stored-record.ts';

/** Reads without a consumer group. */
export interface KafkaFetcher {
  /** From the position on, or from the earliest record where it is gone; empty at the end. */
  fetch(from: LogPosition, records: number, earliest: () => Promise<number>): Promise<readonly StoredRecord[]>;
  close(): Promise<void>;
}

// What kafkajs 2.2.4 has inside and does not offer: a fetch by position. A throw-away consumer group for each read
// would take seconds and leave its name on the broker.
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(node: { nodeId: string }): Promise<Broker>;
}
interface Broker {
  fetch(request: object): Promise<{
    responses: { partitions: { messages: KafkaMessage[] }[] }[];
  }>;
}
type CreateCluster = (options: object) => Cluster;

const MAX_BYTES = 4_000_000;
/** Who asks for few is not sent all that follows; the broker sends one batch whole, however large. */
const BYTES_A_RECORD = 8_000;
const READ_COMMITTED = 1;

export function createKafkaFetcher(client: Kafka, timeoutMs: number): KafkaFetcher {
  let cluster: Promise<Cluster> | null = null;

  const connect = async (): Promise<Cluster> => {
    const fresh = clusterOf(client);
    await fresh.connect();
    return fresh;
  };
  const fetchOnce = async (from: LogPosition, maxBytes: number): Promise<readonly KafkaMessage[]> => {
    const { topic, partition, offset } = from;
    cluster ??= connect();
    const ready = await cluster;
    await ready.addTargetTopic(topic);
    await ready.refreshMetadataIfNecessary();
    const leader = Object.keys(ready.findLeaderForPartitions(topic, [partition]))[0];
    if (leader === undefined) return [];
    const broker = await ready.findBroker({ nodeId: leader });
    const { responses } = await broker.fetch({
      maxWaitTime: 0, // nobody waits at the end of a topic
      minBytes: 0,
      maxBytes,
      isolationLevel: READ_COMMITTED,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes }] }],
    });
    return responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
  };
  const discard = async (): Promise<void> => {
    const last = cluster;
    cluster = null;
    await within(2_000, 'still connected', Promise.resolve(last?.then((one) => one.disconnect()))).catch(() => {});
  };
  return {
    async fetch(from, records, earliest) {
      try {
        const messages = await within(
          timeoutMs,
          'no answer from the broker',
          fetchOnce(from, Math.min(MAX_BYTES, records * BYTES_A_RECORD)),
        );
        // The broker sends whole record batches: the first may begin before the position.
        return messages
          .filter((message) => Number(message.offset) >= from.offset)
          .slice(0, records)
          .map((message) => toStoredRecord(from.topic, from.partition, message));
      } catch (error) {
        if (typeOf(error) === 'OFFSET_OUT_OF_RANGE') {
          const first = await earliest();
          return first > from.offset ? this.fetch({ ...from, offset: first }, records, earliest) : [];
        }
        await discard();
        throw toLogFault(error);
      }
    },
    close: discard,
  };
}

function clusterOf(client: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(client).find((one) => one.description?.endsWith('createCluster'));
  if (symbol === undefined) throw new KenalError('internal', 'this version of kafkajs is not the one that was tried');
  const create = (client as unknown as Record<symbol, CreateCluster>)[symbol]!;
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false });
}
