import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';

/** Resolves when the broker answers a request. @throws after `seconds` */
export async function brokerAnswers(brokers: string, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  const client = new kafkajs.Kafka({
    brokers: brokers.split(','),
    clientId: 'kenal-test',
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
  });
  for (;;) {
    const admin = client.admin();
    try {
      await admin.connect();
      await admin.describeCluster();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }
}
