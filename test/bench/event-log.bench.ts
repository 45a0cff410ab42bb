import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@kenal/contracts';
import { openEventLog } from '@kenal/event-log';
import kafkajs from 'kafkajs';
import { startKafka } from '../support/kafka.ts';
import { percentiles, quiet, report, shown } from './measure.ts';

// node test/bench/event-log.bench.ts: appends of 100 records of 650 bytes, 16 callers at once, durable; and of one
// record with 64 callers. Both adapters beside a bare kafkajs producer on the same broker and topic settings.
const VALUE = Buffer.alloc(650, 1);
const BARE = 'bare kafkajs';
const WARM_KEYS = Array.from({ length: 100 }, (_, i) => `customer-${i}`);
const SPEC = { name: 'bench', partitions: 8, retentionMs: 0 };

type Append = (keys: readonly string[]) => Promise<unknown>;
/** Records a second of the bare producer, by name of the case. */
const ceilings = new Map<string, number>();

async function measure(name: string, append: Append, size: number, callers: number, total: number): Promise<void> {
  let left = Math.floor(total / size);
  let next = 0;
  const waits: number[] = [];
  const call = async (): Promise<void> => {
    while (left-- > 0) {
      const keys = Array.from({ length: size }, () => `customer-${next++ % 5_000}`);
      const begin = performance.now();
      await append(keys);
      waits.push(performance.now() - begin);
    }
  };
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(Array.from({ length: callers }, call));
  const seconds = (performance.now() - begin) / 1_000;
  const used = process.cpuUsage(cpu);
  const measure = `${size} a call, ${callers} callers`;
  const value = total / seconds;
  const ceiling = name.startsWith('kafka') ? ceilings.get(measure) : undefined;
  if (name === BARE) ceilings.set(measure, value);
  report({
    ...{ measure: `event log (${name}): append, ${measure}`, value, unit: 'records/s' },
    ...(ceiling === undefined ? {} : { ceiling: { name: BARE, value: ceiling } }),
    detail: `${((used.user + used.system) / total).toFixed(1)} core-µs a record, ${shown(percentiles(waits))}`,
  });
}

async function warm(append: Append, total: number): Promise<void> {
  for (let i = 0; i < total; i += 1_600) await Promise.all(Array.from({ length: 16 }, () => append(WARM_KEYS)));
}

async function measureAll(name: string, append: Append, total: number): Promise<void> {
  await warm(append, total / 10);
  await quiet();
  await measure(name, append, 100, 16, total);
  await measure(name, append, 1, 64, total / 10);
}

const through =
  (log: EventLog): Append =>
  (keys) =>
    log.append(
      SPEC.name,
      keys.map((key) => ({ key, value: VALUE })),
    );

const dataDir = await mkdtemp(join(tmpdir(), 'kenal-bench-'));
const embedded = await openEventLog({ dataDir, clientId: 'bench' });
await embedded.ensureTopics([SPEC]);
await measureAll('embedded', through(embedded), 200_000);
await embedded.close();
await rm(dataDir, { recursive: true });

const broker = await startKafka();
try {
  const kafka = await openEventLog({ kafkaBrokers: broker.brokers, clientId: 'bench' });
  await kafka.ensureTopics([SPEC]);
  await warm(through(kafka), 100_000); // a young JVM would make the first of the two look slow

  const { Kafka, logLevel } = kafkajs;
  const client = new Kafka({ brokers: broker.brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const bare: Append = (keys) =>
    producer.send({ topic: SPEC.name, acks: -1, messages: keys.map((key) => ({ key, value: VALUE })) });
  await measureAll(BARE, bare, 100_000);
  await producer.disconnect();

  await measureAll('kafka', through(kafka), 100_000);
  await kafka.close();
} finally {
  await broker.stop();
}
