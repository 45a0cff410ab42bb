import kafkajs from 'kafkajs';

/** Delete the older half of what each partition of a topic holds, as retention does. */
export async function dropOlderHalf(brokers: string, topic: string): Promise<void> {
  const client = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const partitions = ends.map(({ partition, low, high }) => {
      return { partition, offset: String(Math.floor((Number(low) + Number(high)) / 2)) };
    });
    await admin.deleteTopicRecords({ topic, partitions });
  } finally {
    await admin.disconnect();
  }
}
