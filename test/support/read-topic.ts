import type { EventLog, StoredRecord, TopicKey } from '@kenal/contracts';
import { TOPICS, type TopicFlow } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';

/** Every record that stands in a topic now, partition by partition. */
export async function readRecords(log: EventLog, topic: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (const { partition, earliest, latest } of await log.ranges(topic)) {
    for (let offset = earliest; offset < latest; ) {
      const page = await log.read({ topic, partition, offset }, { records: 2_000 });
      const last = page.at(-1);
      if (last === undefined) break;
      records.push(...page.filter((record) => record.offset < latest));
      offset = last.offset + 1;
    }
  }
  return records;
}

/** The same decoded. */
export async function readTopic<T>(log: EventLog, key: TopicKey): Promise<T[]> {
  const { name, schema }: TopicFlow = TOPICS[key];
  if (schema === null) throw new Error(`topic ${name} has no schema yet`);
  const codec = createCodec<T>(schema);
  return (await readRecords(log, name)).map(({ value }) => codec.decode(value));
}
