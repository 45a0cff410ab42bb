import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KenalError } from '@kenal/errors';
import { lockDirectory } from './data-lock.ts';
import { loadNative, type Native } from './native.ts';
import { type Pool, SessionPool } from './session-pool.ts';
import { clearSpool, spooledPool } from './spooled-pool.ts';

/** The engine of this process on its data directory. */
export interface Engine {
  readonly pool: Pool;
  /** Wait for what runs, close, let go of the directory. */
  close(): Promise<void>;
}

const MOST_WAITING = 256;
/** Readers more than analysts: marts ask long questions, three at a time at most, and others go on beside them. */
const LONG_READERS = 2;

/**
 * Open the engine on `<dataDir>/warehouse`, with database `kenal`.
 * @throws KenalError `data_in_use`, `missing_prerequisite`, `data_damaged`
 */
export async function openEngine(dataDir: string, readers = 2): Promise<Engine> {
  const lock = lockDirectory(dataDir);
  try {
    const native = await loadNative(join(dataDir, 'warehouse'));
    const sessions = openSessions(native, join(dataDir, 'warehouse'), readers);
    clearSpool(dataDir); // not before the engine has the folder: until then it may be of somebody who runs
    const pool = spooledPool(sessions, resolve(dataDir));
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

/** The engine reads its metadata with the first session; of what is wrong there it says no more than that it failed. */
function openSessions(native: Native, folder: string, readers: number): SessionPool {
  try {
    return new SessionPool(native, { readers: readers + LONG_READERS, analysts: readers, mostWaiting: MOST_WAITING });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const owner = engineOwnerOf(folder);
    if (owner !== null)
      throw new KenalError('data_in_use', `${owner} has ${folder} open; stop it first, or choose another directory`, {
        cause,
      });
    const lost = 'tables are made anew and filled with what the log still holds; older rows are lost';
    const way = `restore the data directory from a backup, or stop Kenal and move that folder and log/groups.sqlite* away: then ${lost}`;
    throw new KenalError('data_damaged', `${folder} (the engine says: ${said}); ${way}`, { cause });
  }
}

/**
 * Who holds the engine's own lock, its file `status` (`PID: 4711`), where opening failed: whoever got the lock removes the
 * file again as it fails. So it is told where somebody has removed `owner.lock.sqlite` while a Kenal ran. null = nobody
 */
function engineOwnerOf(folder: string): string | null {
  try {
    const [, pid] = /^PID: (\d+)/.exec(readFileSync(join(folder, 'status'), 'utf8')) ?? [];
    return pid === undefined ? 'another process' : `process ${pid}`;
  } catch {
    return null;
  }
}
