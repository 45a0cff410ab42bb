import { randomUUID } from 'node:crypto';
import type { EventLog, LogPosition, Subscription } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import kafkajs, { type Consumer, type Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KafkaBroker, startKafka } from '../../../test/support/kafka.ts';
import { describeEventLog } from './contract.ts';
import { openKafkaLog } from './kafka/index.ts';
import { gather, nextOf, textOf } from './testing/gathering.ts';

let broker: KafkaBroker;
beforeAll(async () => {
  broker = await startKafka();
});
afterAll(() => broker?.stop());

describeEventLog('Kafka', async () => ({
  kind: 'kafka',
  brokers: broker.brokers,
  sessionTimeoutMs: 6_000,
  timeoutMs: 10_000,
}));

test('a Kafka topic that exists takes over a new retention, and keeps its partitions and what else is set', async () => {
  const log = await openKafkaLog({ brokers: broker.brokers, clientId: 'retention' });
  const topic = `t-${randomUUID()}`;
  await log.ensureTopics([{ name: topic, partitions: 2, retentionMs: 60_000 }]);
  const admin = new kafkajs.Kafka({ brokers: broker.brokers.split(','), logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const settings = async () => {
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }];
    const answer = await admin.describeConfigs({ includeSynonyms: false, resources });
    const own = answer.resources[0]!.configEntries.filter(({ configSource }) => Number(configSource) === 1);
    return Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
  };
  // The controller acknowledges; what a broker tells follows
  await expect.poll(settings).toMatchObject({ 'retention.ms': '60000', 'message.timestamp.type': 'LogAppendTime' });
  const before = await settings();
  await log.ensureTopics([{ name: topic, partitions: 5, retentionMs: 0 }]);
  await expect.poll(settings).toEqual({ ...before, 'retention.ms': '-1' });
  expect(await log.ranges(topic)).toHaveLength(2);
  await admin.disconnect();
  await log.close();
});

test('a member that gets nothing although there is something joins anew', async () => {
  const consumers: Consumer[] = [];
  const original = kafkajs.Kafka.prototype.consumer;
  kafkajs.Kafka.prototype.consumer = function (this: Kafka, config) {
    const made = original.call(this, config);
    consumers.push(made);
    return made;
  };
  const log = await openKafkaLog({ brokers: broker.brokers, clientId: 'stalled', stallMs: 1_500 });
  try {
    const topic = `t-${randomUUID()}`;
    await log.ensureTopics([{ name: topic, partitions: 1, retentionMs: 0 }]);
    const append = (text: string) => log.append(topic, [{ key: null, value: Buffer.from(text) }]);
    const member = await gather(log, { group: `g-${randomUUID()}`, topic, committing: true });
    await append('before');
    await member.until(() => member.values().includes('before'), 'the first record');
    // The stalls that kafkajs is known for look like this from outside: alive, heartbeats, no fetch.
    Object.assign(consumers[0]!, { resume: () => {} }).pause([{ topic }]);
    await append('after');
    await member.until(() => member.values().includes('after'), 'the record that nobody fetched');
    expect(consumers).toHaveLength(2);
    expect(member.values()).toEqual(['before', 'after']);
    expect(String(member.errors[0])).toContain(`nothing came from ${topic}/0`);
    await member.subscription.stop();
  } finally {
    kafkajs.Kafka.prototype.consumer = original;
    await log.close();
  }
});

const TIMEOUT_MS = 2_000;

// Only a broker of our own may be killed.
describe.skipIf(Boolean(process.env.KAFKA_BROKERS))('the event log on a Kafka that fails', () => {
  let log: EventLog;
  beforeAll(async () => {
    log = await openKafkaLog({
      brokers: broker.brokers,
      clientId: 'faults',
      timeoutMs: TIMEOUT_MS,
      sessionTimeoutMs: 6_000,
    });
  });
  afterAll(() => log.close());

  const refusedInTime = async (append: () => Promise<unknown>): Promise<void> => {
    const begin = performance.now();
    const refusal = await append().catch((error: unknown) => error);
    expect(isKenalError(refusal, 'log_unavailable') && refusal.retryable).toBe(true);
    expect(performance.now() - begin).toBeLessThan(TIMEOUT_MS + 1_000);
  };

  test('an idle connection arms no timer for ever (kafkajs 1751 on Node 24)', async () => {
    const topic = `t-${randomUUID()}`;
    await log.ensureTopics([{ name: topic, partitions: 1, retentionMs: 0 }]);
    await log.append(topic, [{ key: null, value: Buffer.from('warm') }]);
    const original = globalThis.setTimeout;
    const delays: unknown[] = [];
    globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
      delays.push(args[1]);
      return original(...args);
    }) as typeof setTimeout;
    try {
      await log.append(topic, [{ key: null, value: Buffer.from('one') }]);
      delays.length = 0;
      await new Promise((resolve) => original(resolve, 500));
    } finally {
      globalThis.setTimeout = original;
    }
    expect(delays.length).toBeLessThan(20);
    expect(delays.filter((delay) => Number(delay) < 0)).toEqual([]);
  });

  test('kill −9 of the broker loses nothing acknowledged, refuses in time, and all goes on by itself', async () => {
    const topic = `t-${randomUUID()}`;
    await log.ensureTopics([{ name: topic, partitions: 4, retentionMs: 0 }]);
    const member = await gather(log, { group: `g-${randomUUID()}`, topic, committing: true });
    const acknowledged: string[] = [];
    let sent = 0;
    const send = async (): Promise<void> => {
      const texts = Array.from({ length: 5 }, () => String(sent++));
      await log.append(
        topic,
        texts.map((text) => ({ key: text, value: Buffer.from(text) })),
      );
      acknowledged.push(...texts);
    };
    for (let i = 0; i < 20; i++) await send();
    const racing = Array.from({ length: 20 }, () => send().catch(() => {}));
    await broker.kill();
    await Promise.all(racing);
    await refusedInTime(send);
    await broker.restart();
    await send().catch(send); // the first may still meet the old connection
    await member.until(
      () => acknowledged.every((text) => member.values().includes(text)),
      'all that was acknowledged, after the restart',
    );
    await member.subscription.stop();
    const stored = new Set<string>();
    for (const { partition, earliest, latest } of await log.ranges(topic)) {
      for (let offset = earliest; offset < latest; ) {
        const records = await log.read({ topic, partition, offset }, { records: 100 });
        for (const { value } of records) stored.add(textOf(value));
        offset += records.length;
      }
    }
    expect([...stored]).toEqual(expect.arrayContaining(acknowledged));
  });

  test('a member that must commit before it lets go joins again after an outage that kafkajs gives up on', async () => {
    const topic = `t-${randomUUID()}`;
    await log.ensureTopics([{ name: topic, partitions: 2, retentionMs: 0 }]);
    const positions = new Map<number, LogPosition>();
    const refusals: unknown[] = [];
    const subscribed = Promise.withResolvers<Subscription>();
    // As the loader does: what was delivered is committed when the partition goes, and tried until it is.
    const commitAll = async (): Promise<void> => {
      const subscription = await subscribed.promise;
      const tryAll = (): Promise<void> => subscription.commit([...positions.values()]);
      const again = async (error: unknown): Promise<void> => {
        refusals.push(error);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return tryAll().catch(again);
      };
      await tryAll().catch(again);
    };
    const member = await gather(log, {
      ...{ group: `g-${randomUUID()}`, topic },
      onBatch: async (batch) => void positions.set(batch.partition, nextOf(batch)),
      onRevoked: commitAll,
    });
    subscribed.resolve(member.subscription);
    const append = (text: string) => log.append(topic, [{ key: text, value: Buffer.from(text) }]);
    await append('before');
    await member.until(() => member.values().includes('before'), 'the first record');
    await broker.kill();
    await member.until(() => member.errors.length > 0, 'the end of the membership');
    await broker.restart();
    await append('after').catch(() => append('after'));
    await member.until(() => member.values().includes('after'), 'a record of after the outage');
    await member.subscription.stop();
  });

  test('a broker that does not answer makes no caller wait beyond the limit', async () => {
    const topic = `t-${randomUUID()}`;
    await log.ensureTopics([{ name: topic, partitions: 1, retentionMs: 0 }]);
    await log.append(topic, [{ key: null, value: Buffer.from('before') }]);
    await broker.pause();
    try {
      await refusedInTime(() => log.append(topic, [{ key: null, value: Buffer.from('during') }]));
    } finally {
      await broker.resume();
    }
    const again = async (): Promise<unknown> => log.append(topic, [{ key: null, value: Buffer.from('after') }]);
    await again().catch(again).catch(again);
  });
});
