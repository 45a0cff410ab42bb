import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type EventLog, type IdentityState, TOPICS } from '@kenal/contracts';
import { openEventLog } from '@kenal/event-log';
import { openState } from '@kenal/state';
import { startKafka } from '../../../../test/support/kafka.ts';
import { dropOlderHalf } from '../../../../test/support/kafka-drop.ts';
import { startRedis } from '../../../../test/support/redis.ts';
import { saveKeys } from '../../../../test/support/redis-save.ts';

/** Environment that chooses the adapters, as a process of its own reads it. */
export type AdapterEnvironment = Readonly<Record<'KENAL_DATA' | 'KAFKA_BROKERS' | 'REDIS_URL', string>>;

/** One set of adapters with nothing in it. */
export interface Backend {
  readonly environment: AdapterEnvironment;
  /** Lose the whole identity state, or that of one workspace (embedded only), under whoever uses it. */
  flush(workspace?: string): Promise<void>;
  /** Keep the identity state as it is now; nobody may be using it where it is put back. */
  save(): Promise<{ restore(): Promise<void> }>;
  /** Drop the older half of the interactions from the log, as retention does. */
  dropOld(): Promise<void>;
  stop(): Promise<void>;
}

export async function openAdapters(environment: AdapterEnvironment): Promise<{ log: EventLog; state: IdentityState }> {
  const { KENAL_DATA: dataDir, KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl } = environment;
  const log = await openEventLog({ dataDir, kafkaBrokers, clientId: 'test' });
  return { log, state: await openState({ dataDir, redisUrl }) };
}

const TABLES = ['field', 'pointer', 'shelf', 'issued', 'outbox', 'processed'];

export async function startEmbedded(): Promise<Backend> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-resolver-'));
  return {
    environment: { KENAL_DATA: dataDir, KAFKA_BROKERS: '', REDIS_URL: '' },
    async flush(workspace) {
      const db = new DatabaseSync(join(dataDir, 'state', 'identity.db'), { timeout: 10_000 });
      const which = workspace === undefined ? '' : `WHERE workspace = '${workspace}'`;
      db.exec(`BEGIN IMMEDIATE; ${TABLES.map((table) => `DELETE FROM ${table} ${which};`).join(' ')} COMMIT`);
      db.close();
    },
    async save() {
      const path = join(dataDir, 'state', 'identity.db');
      const copy = join(dataDir, 'identity-before.db');
      await rm(copy, { force: true });
      const db = new DatabaseSync(path, { timeout: 10_000 });
      db.exec(`VACUUM INTO '${copy}'`);
      db.close();
      const tables = [...TABLES, 'shelved'];
      const takeBack = tables.map((table) => `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM old.${table};`);
      return {
        restore: async () => {
          const now = new DatabaseSync(path, { timeout: 10_000 });
          now.exec(`ATTACH '${copy}' AS old; BEGIN IMMEDIATE; ${takeBack.join(' ')} COMMIT`);
          now.close();
        },
      };
    },
    async dropOld() {
      const db = new DatabaseSync(join(dataDir, 'log', `${TOPICS.interactions.name}.sqlite`), { timeout: 10_000 });
      for (let partition = 0; partition < TOPICS.interactions.partitions; partition += 1)
        db.exec(`DELETE FROM batches_${partition} WHERE base <= (SELECT max(base) / 2 FROM batches_${partition})`);
      db.close();
    },
    stop: () => rm(dataDir, { recursive: true, force: true }),
  };
}

export async function startDistributed(): Promise<Backend> {
  const [kafka, redis] = await Promise.all([startKafka(), startRedis({ own: true })]);
  return {
    environment: { KENAL_DATA: '', KAFKA_BROKERS: kafka.brokers, REDIS_URL: redis.url },
    flush: () => redis.flush(),
    save: () => saveKeys(redis.url),
    dropOld: () => dropOlderHalf(kafka.brokers, TOPICS.interactions.name),
    async stop() {
      await Promise.all([kafka.stop(), redis.stop()]);
    },
  };
}
