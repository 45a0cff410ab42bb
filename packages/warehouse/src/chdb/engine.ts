import { join } from 'node:path';
import { lockDirectory } from './data-lock.ts';
import { loadNative } from './native.ts';
import { type Pool, SessionPool } from './session-pool.ts';

/** The engine of this process on its data directory. */
export interface Engine {
  readonly pool: Pool;
  /** Wait for what runs, close, let go of the directory. */
  close(): Promise<void>;
}

const MOST_WAITING = 256;

/**
 * Open the engine on `<dataDir>/warehouse`, with database `kenal`.
 * @throws KenalError `data_in_use`, `missing_prerequisite`
 */
export async function openEngine(dataDir: string, readers = 2): Promise<Engine> {
  const lock = lockDirectory(dataDir);
  try {
    const native = await loadNative(join(dataDir, 'warehouse'));
    const pool = new SessionPool(native, { readers, mostWaiting: MOST_WAITING });
    const create = { sql: 'CREATE DATABASE IF NOT EXISTS kenal', database: 'default', format: 'Null' };
    await pool.run('writer', { ...create, settings: {}, params: {} });
    return {
      pool,
      close: async () => {
        await pool.close();
        await native.drained();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
