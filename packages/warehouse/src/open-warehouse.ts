import { resolve } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { KenalError } from '@kenal/errors';
import { createChdbConnection } from './chdb/chdb-connection.ts';
import { type Engine, openEngine } from './chdb/engine.ts';
import { connectPool, sharePool } from './chdb/pool-port.ts';
import { spooledPool } from './chdb/spooled-pool.ts';
import { createClientWarehouse } from './client-warehouse.ts';
import { refillLiveCopies } from './live-copies.ts';
import type { Warehouse } from './warehouse.ts';

export interface OpenWarehouseOptions {
  /** Address of a ClickHouse server, or of `kenal chdb-server`; wins over `dataDir`. */
  readonly clickhouseUrl?: string | undefined;
  readonly clickhouseUser?: string | undefined;
  readonly clickhousePassword?: string | undefined;
  /** Kenal's data directory: the engine runs in this process and owns `warehouse` in it. */
  readonly dataDir?: string | undefined;
  /** Reader sessions of the engine in process; default 2. */
  readonly readers?: number;
}

const SILENT = { level: ClickHouseLogLevel.OFF };
const REQUEST_TIMEOUT_MS = 120_000;

/**
 * Open the warehouse: a server where an address is given, else chDB in this process on `dataDir/warehouse`.
 * Tables come with `migrate()`: call it once.
 * @throws KenalError `data_in_use` where another process has the directory, `missing_prerequisite` where chDB is not
 *   installed, `bad_config` where neither address nor directory is given
 */
export async function openWarehouse(options: OpenWarehouseOptions): Promise<Warehouse> {
  if (options.clickhouseUrl) return openServer(options, options.clickhouseUrl);
  if (!options.dataDir)
    throw new KenalError('bad_config', 'a warehouse needs CLICKHOUSE_URL or a data directory (KENAL_DATA)');
  return openEmbeddedWarehouse(options.dataDir, options.readers);
}

function openServer(options: OpenWarehouseOptions, url: string): Warehouse {
  const config = {
    url,
    ...(options.clickhouseUser ? { username: options.clickhouseUser } : {}),
    ...(options.clickhousePassword ? { password: options.clickhousePassword } : {}),
    application: 'kenal',
    request_timeout: REQUEST_TIMEOUT_MS,
    max_open_connections: 512, // what waits does so behind it, where workspaces take turns
    log: SILENT,
  };
  return createClientWarehouse(createClient({ ...config, database: 'kenal' }), {
    createDatabase: async () => {
      await using client = createClient(config);
      await client.command({ query: 'CREATE DATABASE IF NOT EXISTS kenal' });
    },
  });
}

/** The warehouse of the process that owns a data directory. */
export interface EmbeddedWarehouse extends Warehouse {
  /** The engine for another thread of this process: hand the port over and call {@link connectWarehouse} there. */
  share(): MessagePort;
}

/**
 * chDB in this process on `<dataDir>/warehouse`. Only the thread that opened it may speak with the engine; others share it.
 * @throws KenalError `data_in_use`, `missing_prerequisite`
 */
export async function openEmbeddedWarehouse(dataDir: string, readers?: number): Promise<EmbeddedWarehouse> {
  const engine = await openEngine(dataDir, readers);
  try {
    const warehouse = warehouseOn(engine);
    await refillLiveCopies(warehouse); // the copies in memory did not outlive the last process
    return { ...warehouse, share: () => sharePool(engine.pool) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The warehouse that another thread of this process has opened on `dataDir`. Closing it leaves that one open. */
export function connectWarehouse(port: MessagePort, dataDir: string): Warehouse {
  return warehouseOn({ pool: spooledPool(connectPool(port), resolve(dataDir)), close: async () => undefined });
}

/** A warehouse on an engine that is open; closing it closes the engine. */
export function warehouseOn(engine: Engine): Warehouse {
  const client = createClient({ connection: createChdbConnection(engine.pool), log: SILENT });
  return createClientWarehouse(client, { release: () => engine.close(), givesPieces: true });
}
