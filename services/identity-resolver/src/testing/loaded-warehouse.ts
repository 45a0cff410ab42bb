import { rm } from 'node:fs/promises';
import { type EventLog, GROUPS, type KenalConfig, TOPICS } from '@kenal/contracts';
import { createHealth, createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { expect } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { createWarehouseLoader } from '../../../warehouse-loader/src/app.ts';

/** A warehouse in this process, filled by a loader as in production. */
export interface LoadedWarehouse {
  readonly warehouse: Warehouse;
  readonly dataDir: string;
  /** Resolves when all that stands in the log now is stored. */
  loaded(): Promise<void>;
  /** Let go of it, so that another process may have it. */
  close(): Promise<void>;
  /** And delete it. */
  stop(): Promise<void>;
}

const LOADED = [TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.directives].map(({ name }) => name);

/** @param path of one that was closed; default: a new one */
export async function startWarehouse(log: EventLog, config: KenalConfig, path?: string): Promise<LoadedWarehouse> {
  const dataDir = path ?? (await migratedDirectory());
  const warehouse = await openWarehouse({ dataDir });
  await warehouse.migrate();
  const logger = createLogger({ name: 'loader', level: process.env.KENAL_LOG || 'silent' });
  const common = { log, warehouse, config, clock: systemClock, metrics: createMetrics(), health: createHealth() };
  const loader = createWarehouseLoader({ ...common, logger });
  await loader.start();
  const close = async (): Promise<void> => {
    await loader.stop();
    await warehouse.close();
  };
  return {
    ...{ warehouse, dataDir, close },
    async loaded() {
      const ranges = (await Promise.all(LOADED.map((topic) => log.ranges(topic)))).flat();
      const waiting = async () => {
        const at = await log.committed(GROUPS.loader, LOADED);
        return ranges.filter(
          ({ topic, partition, latest, earliest }) =>
            latest > earliest &&
            latest > (at.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0),
        );
      };
      await expect.poll(waiting, { timeout: 60_000 }).toEqual([]);
    },
    async stop() {
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
