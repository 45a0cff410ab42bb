import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '@kenal/contracts';
import { openEventLog } from '@kenal/event-log';
import { freePort } from '../support/free-port.ts';
import { startKafka } from '../support/kafka.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { startRedis } from '../support/redis.ts';
import type { Shop } from './shop.ts';

/** A part that can be killed −9 and started again; `restart` resolves when it answers. */
export interface Part {
  readonly name: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** Kenal on one set of adapters, under test. */
export interface Stack {
  readonly url: string;
  readonly sqlUrl: string;
  /** Where profiles are read. */
  readonly apiUrl: string;
  readonly parts: readonly Part[];
  /** A reader of the same log. */
  openLog(): Promise<EventLog>;
  stop(): Promise<void>;
}

const UP = 'services/kenal/src/main.ts';

/** One process, everything embedded. */
export async function startEmbedded(shop: Shop): Promise<Stack> {
  const [port, sqlPort] = [await freePort(), await freePort()];
  const env = {
    KENAL_DATA: shop.data,
    KENAL_CONFIG: shop.config,
    KENAL_PORT: `${port}`,
    KENAL_SQL_PORT: `${sqlPort}`,
    KENAL_DEMO: 'off',
  };
  const kenal = await startPart('kenal up', [UP, 'up'], env, async (child) => {
    await child.seen(/Kenal is ready at/);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    sqlUrl: `http://127.0.0.1:${sqlPort}`,
    apiUrl: `http://127.0.0.1:${port}`,
    parts: [kenal],
    openLog: () => openEventLog({ dataDir: shop.data, clientId: 'ledger' }),
    stop: kenal.stop,
  };
}

/** Every service a process of its own, on a real Kafka, a real Redis and one owner of chDB. */
export async function startDistributed(shop: Shop): Promise<Stack> {
  const [kafka, redis] = await Promise.all([startKafka(), startRedis({ own: true, fsync: 'everysec' })]);
  const ports = {
    chdb: await freePort(),
    web: await freePort(),
    resolver: await freePort(),
    loader: await freePort(),
    api: await freePort(),
    sql: await freePort(),
  };
  const shared = {
    KAFKA_BROKERS: kafka.brokers,
    REDIS_URL: redis.url,
    CLICKHOUSE_URL: `http://default:ledger@127.0.0.1:${ports.chdb}`,
    KENAL_CONFIG: shop.config,
    KENAL_DATA: shop.data,
  };
  const service = (name: string, port: number, more: Record<string, string> = {}) =>
    startPart(name, [`services/${name}/src/main.ts`], { ...shared, ...more, KENAL_PORT: `${port}` }, (child) =>
      answers(name, port, child),
    );
  const chdb = await startPart(
    'chdb-server',
    [UP, 'chdb-server', '--port', `${ports.chdb}`],
    { KENAL_DATA: shop.data, KENAL_CHDB_PASSWORD: 'ledger' },
    (child) => answers('chdb-server', ports.chdb, child, '/ping'),
  );
  const services = await Promise.all([
    service('collector-web', ports.web),
    service('identity-resolver', ports.resolver),
    service('warehouse-loader', ports.loader),
    service('profile-api', ports.api, { KENAL_SQL_PORT: `${ports.sql}` }),
  ]);
  const held = services.filter(({ name }) => name === 'identity-resolver' || name === 'warehouse-loader').map(holding);
  const flushedRedis: Part = { name: 'redis, flushed', kill: redis.flush, restart: async () => {} };
  const own = [...services, chdb];
  return {
    url: `http://127.0.0.1:${ports.web}`,
    sqlUrl: `http://127.0.0.1:${ports.sql}`,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    parts: [
      ...own,
      { name: 'kafka', kill: kafka.kill, restart: kafka.restart },
      { name: 'redis', kill: redis.kill, restart: redis.restart },
      flushedRedis,
      ...held,
    ],
    openLog: () => openEventLog({ kafkaBrokers: kafka.brokers, clientId: 'ledger' }),
    stop: async () => {
      await Promise.all(services.map((part) => part.stop()));
      await chdb.stop();
      await Promise.all([kafka.stop(), redis.stop()]);
    },
  };
}

interface OwnPart extends Part {
  pid(): number;
  stop(): Promise<void>;
}

// Longer than a Kafka session: the group gives its partitions away, or back, and much has come meanwhile.
const HOLD_MS = 12_000;

/** Not killed but stopped for a while, as an overloaded or suspended machine does it. */
function holding({ name, pid }: OwnPart): Part {
  return {
    name: `${name}, held`,
    kill: async () => void process.kill(pid(), 'SIGSTOP'),
    restart: async () => {
      await delay(HOLD_MS);
      process.kill(pid(), 'SIGCONT');
    },
  };
}

async function startPart(
  name: string,
  args: readonly string[],
  env: Record<string, string>,
  ready: (child: TestProcess) => Promise<void>,
): Promise<OwnPart> {
  let child = startProcess(name, args, env);
  await ready(child);
  return {
    name,
    pid: () => child.pid,
    kill: () => child.kill(),
    restart: async () => {
      child = startProcess(name, args, env);
      await ready(child);
    },
    stop: async () => {
      const code = await child.stop(60);
      if (code !== 0)
        throw new Error(`${name} ended with ${code} when it was asked to stop:\n${child.output().slice(-3000)}`);
    },
  };
}

async function answers(name: string, port: number, child: TestProcess, path = '/livez'): Promise<void> {
  const deadline = performance.now() + 60_000;
  let gone = false;
  void child.ended.then(() => {
    gone = true;
  });
  for (;;) {
    const ok = await fetch(`http://127.0.0.1:${port}${path}`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    if (gone || performance.now() > deadline)
      throw new Error(`${name} does not answer:\n${child.output().slice(-3000)}`);
    await delay(50);
  }
}
