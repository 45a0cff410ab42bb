import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KenalError } from '@kenal/errors';
import { isBusy } from '@kenal/storage-kit/sqlite';

/** Says that this process owns a data directory; releasing it twice is harmless. */
export interface DataLock {
  release(): void;
}

interface Held {
  /** Its open transaction is the lock. */
  readonly db: DatabaseSync;
  holders: number;
}

const held = new Map<string, Held>();

// Long enough for those who look at the same moment to step back, short enough for whoever waits for the answer
const BUSY_MS = 250;

/**
 * Own a data directory: chDB allows one process per directory, and a second one would corrupt it.
 * Several owners in one process share the lock. It is an exclusive transaction on `owner.lock.sqlite`, a lock of the
 * operating system, which lets go of it when the process dies, however it dies: no lock is ever stale.
 * @param directory created where it is missing
 * @throws KenalError `data_in_use`, naming the process that has it
 */
export function lockDirectory(directory: string): DataLock {
  mkdirSync(directory, { recursive: true });
  const pidPath = join(directory, 'owner.pid');
  const lock = held.get(directory) ?? { db: take(directory, pidPath), holders: 0 };
  held.set(directory, lock);
  lock.holders++;
  let released = false;
  return {
    release: () => {
      if (released) return;
      released = true;
      if (--lock.holders > 0) return;
      held.delete(directory);
      forget(pidPath);
      // The file stays: whoever removed it would let others lock a file that has no name any more
      lock.db.close();
    },
  };
}

function take(directory: string, pidPath: string): DatabaseSync {
  const db = new DatabaseSync(join(directory, 'owner.lock.sqlite'), { timeout: BUSY_MS });
  try {
    db.exec('BEGIN EXCLUSIVE');
    // For the words of data_in_use alone; who has the lock is not read from it
    writeFileSync(pidPath, `${process.pid}\n`);
    return db;
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    const owner = ownerOf(pidPath);
    throw new KenalError('data_in_use', `${owner} has ${directory} open; stop it first, or choose another directory`);
  }
}

function ownerOf(pidPath: string): string {
  try {
    return `process ${readFileSync(pidPath, 'utf8').trim() || '?'}`;
  } catch {
    return 'another process';
  }
}

function forget(pidPath: string): void {
  try {
    unlinkSync(pidPath);
  } catch {
    // the directory has gone already
  }
}
