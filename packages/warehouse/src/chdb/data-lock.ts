import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KenalError } from '@kenal/errors';

/** Says that this process owns a data directory; releasing it twice is harmless. */
export interface DataLock {
  release(): void;
}

const held = new Map<string, number>();

/**
 * Own a data directory: chDB allows one process per directory, and a second one would corrupt it.
 * Several owners in one process share the lock. The lock of a process that died is taken over.
 * @param directory created where it is missing; the lock is the file `owner.lock` in it
 * @throws KenalError `data_in_use`, naming the process that has it
 */
export function lockDirectory(directory: string): DataLock {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'owner.lock');
  const holders = held.get(path) ?? 0;
  if (holders === 0) take(path, directory);
  held.set(path, holders + 1);
  let released = false;
  return {
    release: () => {
      if (released) return;
      released = true;
      const left = (held.get(path) ?? 1) - 1;
      if (left > 0) return void held.set(path, left);
      held.delete(path);
      unlinkSync(path);
    },
  };
}

function take(path: string, directory: string): void {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}\n`);
  try {
    for (let tries = 0; tries < 10; tries++) {
      try {
        linkSync(mine, path); // fails where the name is there: exactly one process wins
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = readOwner(path);
      if (owner !== null && isAlive(owner)) {
        throw new KenalError(
          'data_in_use',
          `process ${owner.pid} has ${directory} open; stop it first, or choose another directory`,
        );
      }
      retire(path);
    }
    throw new KenalError('data_in_use', `${directory}: other processes keep taking the lock`);
  } finally {
    unlinkSync(mine);
  }
}

interface Owner {
  readonly pid: number;
  readonly start: string;
}

function readOwner(path: string): Owner | null {
  try {
    const [pid = '', start = ''] = readFileSync(path, 'utf8').trim().split(' ');
    return { pid: Number(pid), start };
  } catch {
    return null;
  }
}

/** Move a dead owner's lock aside; where another process was quicker there is nothing to move. */
function retire(path: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    unlinkSync(aside);
  } catch {
    // gone already
  }
}

function isAlive(owner: Owner): boolean {
  if (!Number.isInteger(owner.pid) || owner.pid <= 0) return false;
  if (owner.pid === process.pid) return owner.start === startOf(process.pid);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return owner.start === startOf(owner.pid); // else the number was given to another process since
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat); '' where there is no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
