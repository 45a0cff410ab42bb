import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { kenalConfigSchema } from '@kenal/contracts';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { openJobQueue } from '@kenal/jobs';
import { createHealth, createLogger, createMetrics, hashKey, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { change, publish } from '../../services/job-runner/src/webhooks/testing/changes.ts';
import { createWebhooks } from '../../services/job-runner/src/webhooks/webhooks.ts';
import { startKafka } from '../support/kafka.ts';
import { startRedis } from '../support/redis.ts';
import { quiet, report } from './measure.ts';

// node test/bench/webhooks.bench.ts: from the feed to a receiver on the loopback (http, signed), on both adapters. One
// endpoint and 5,000 changes of 1,000 profiles; 100 endpoints and 100 changes, one of them hanging; and what 100 endpoints
// cost while nothing happens.
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const IDLE_MS = 5_000;

interface Place {
  readonly kafkaBrokers?: string;
  readonly redisUrl?: string;
}

const receiver = new Worker(new URL('webhook-receiver.ts', import.meta.url));
const [{ port }] = (await once(receiver, 'message')) as [{ port: number }];
let received = 0;
receiver.on('message', ({ count = received }: { count?: number }) => {
  received = count;
});

async function start(place: Place, dataDir: string, warehouse: Warehouse, paths: readonly string[], run: string) {
  const webhooks = paths.map((path) => ({
    name: `${run}-${path}`,
    url: `http://127.0.0.1:${port}/${path}`,
    secrets: [SECRET],
  }));
  const config = kenalConfigSchema.parse({
    workspaces: [
      {
        ...{ id: 'shop', dangerouslyAllowLoopbackWebhooks: true, webhooks },
        sources: [{ id: 'web', keys: [{ key: hashKey('write') }] }],
      },
    ],
  });
  const resources = new AsyncDisposableStack();
  const log = resources.adopt(await openEventLog({ ...place, dataDir, clientId: 'bench' }), (it) => it.close());
  await log.ensureTopics(topicSpecs(30));
  const state = resources.adopt(await openState({ ...place, dataDir }), (it) => it.close());
  const queue = resources.adopt(await openJobQueue({ ...place, dataDir }), (it) => it.close());
  const logger = createLogger({ name: 'bench', level: 'warn' });
  const door = { disableWebhook: async () => {} };
  const parts = { metrics: createMetrics(), health: createHealth(), clock: systemClock, logger };
  const service = createWebhooks({ ...parts, log, state, queue, warehouse, config, door });
  await service.start();
  resources.defer(() => service.stop());
  // Every endpoint stands at the end of the feed when its places are kept; a new broker finds its coordinators first
  const places = (name: string) =>
    log.committed(`kenal.webhooks.yaml-${name}`, ['kenal.profile.changes.v1']).catch(() => []);
  for (const { name } of webhooks) while ((await places(name)).length < 8) await sleep(50);
  return { log, stop: () => resources.disposeAsync() };
}

async function until(count: number): Promise<void> {
  while (received < count) await sleep(5);
}

async function measure(adapter: string, place: Place, dataDir: string, warehouse: Warehouse): Promise<void> {
  const one = await start(place, dataDir, warehouse, ['one'], `one-${adapter}`);
  await quiet();
  const before = received;
  const used = process.cpuUsage();
  const begin = performance.now();
  await publish(
    one.log,
    Array.from({ length: 5_000 }, (_, n) => change(`p${n % 1_000}`, n)),
  );
  await until(before + 5_000);
  const value = 5_000 / ((performance.now() - begin) / 1_000);
  const cpu = process.cpuUsage(used);
  const detail = `${Math.round((cpu.user + cpu.system) / 5_000)} core-µs a delivery, the receiver among it`;
  report({ measure: `webhooks (${adapter}): one endpoint`, value, unit: 'deliveries/s', detail });
  await one.stop();

  const paths = [...Array.from({ length: 99 }, (_, n) => `e${n}`), 'hang'];
  const joined = performance.now();
  const many = await start(place, dataDir, warehouse, paths, `many-${adapter}`);
  const ready = Math.round(performance.now() - joined);
  const idle = process.cpuUsage();
  await sleep(IDLE_MS);
  const rest = process.cpuUsage(idle);
  const percent = (rest.user + rest.system) / IDLE_MS / 10;
  const idleDetail = `ready after ${ready} ms`;
  report({
    measure: `webhooks (${adapter}): 100 endpoints, nothing to do`,
    value: percent,
    unit: '% of a core',
    detail: idleDetail,
  });
  const from = received;
  const start100 = performance.now();
  await publish(
    many.log,
    Array.from({ length: 100 }, (_, n) => change(`m${n % 50}`, n)),
  );
  await until(from + 9_900);
  const rate = 9_900 / ((performance.now() - start100) / 1_000);
  const hangDetail = `all of 99 after ${Math.round(performance.now() - start100)} ms`;
  report({
    measure: `webhooks (${adapter}): 100 endpoints, one hangs`,
    value: rate,
    unit: 'deliveries/s',
    detail: hangDetail,
  });
  await many.stop();
}

const dataDir = await mkdtemp(join(tmpdir(), 'kenal-bench-'));
const warehouse = await openWarehouse({ dataDir });
await warehouse.migrate();
try {
  await measure('embedded', {}, dataDir, warehouse);
  const kafka = await startKafka();
  const redis = await startRedis({ own: true, fsync: 'everysec' });
  await measure('kafka', { kafkaBrokers: kafka.brokers, redisUrl: redis.url }, dataDir, warehouse);
  await Promise.all([kafka.stop(), redis.stop()]);
} finally {
  await warehouse.close();
  await receiver.terminate();
  await rm(dataDir, { recursive: true });
}
