import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { KenalError } from '@kenal/errors';
import { createChdbConnection } from './chdb/chdb-connection.ts';
import { lockDirectory } from './chdb/data-lock.ts';
import { loadNative, type Native } from './chdb/native.ts';
import { SessionPool } from './chdb/session-pool.ts';
import { createClientWarehouse } from './client-warehouse.ts';
import { refillOverrides } from './overrides.ts';
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

const MOST_WAITING = 256;
const REQUEST_TIMEOUT_MS = 120_000;

/**
 * Open the warehouse: a server where an address is given, else chDB in this process on `dataDir/warehouse`.
 * It creates nothing: call `migrate()` once.
 * @throws KenalError `data_in_use` where another process has the directory, `missing_prerequisite` where chDB is not
 *   installed, `bad_config` where neither address nor directory is given
 */
export async function openWarehouse(options: OpenWarehouseOptions): Promise<Warehouse> {
  if (options.clickhouseUrl) return openServer(options, options.clickhouseUrl);
  if (!options.dataDir)
    throw new KenalError('bad_config', 'a warehouse needs CLICKHOUSE_URL or a data directory (KENAL_DATA)');
  return openChdb(options, options.dataDir);
}

function openServer(options: OpenWarehouseOptions, url: string): Warehouse {
  const client = createClient({
    url,
    ...(options.clickhouseUser ? { username: options.clickhouseUser } : {}),
    ...(options.clickhousePassword ? { password: options.clickhousePassword } : {}),
    application: 'kenal',
    request_timeout: REQUEST_TIMEOUT_MS,
    max_open_connections: 16,
    log: { level: ClickHouseLogLevel.OFF },
  });
  return createClientWarehouse(client, async () => undefined);
}

async function openChdb(options: OpenWarehouseOptions, dataDir: string): Promise<Warehouse> {
  const lock = lockDirectory(dataDir);
  try {
    const native = await loadNative(join(dataDir, 'warehouse'));
    createDatabase(native);
    const pool = new SessionPool(native, { readers: options.readers ?? 2, mostWaiting: MOST_WAITING });
    const client = createClient({ connection: createChdbConnection(pool), log: { level: ClickHouseLogLevel.OFF } });
    const warehouse = createClientWarehouse(client, async () => {
      await native.drained();
      lock.release();
    });
    await refillOverrides(warehouse); // the copy in memory did not outlive the last process
    return warehouse;
  } catch (error) {
    lock.release();
    throw error;
  }
}

// Readers' sessions start in it, before any migration.
function createDatabase(native: Native): void {
  const session = native.open();
  session.query('CREATE DATABASE IF NOT EXISTS kenal');
  session.close();
}
