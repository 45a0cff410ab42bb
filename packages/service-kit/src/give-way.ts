import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

// 10: against a thread of ordinary priority a tenth of the time, which still goes on under whatever load.
const LOW = constants.priority.PRIORITY_BELOW_NORMAL;
const THREADS = '/proc/self/task';

/**
 * Let work that may wait give way to answers that may not: from now on the calling thread (on the main thread: every
 * thread of the process) and what it starts later get a core only where nobody else of this machine asks for it.
 * On Linux a thread is a process to `setPriority`; elsewhere it does what it can, which may be nothing.
 */
export function giveWay(): void {
  lower(...(isMainThread ? ['0', ...threadsOf()] : ownThread()));
}

/**
 * The same for threads of this process that somebody else's code has started.
 * @param names what the kernel calls them, 15 characters at most: `MergeMutate`
 */
export function letGiveWay(names: RegExp): void {
  for (const thread of threadsOf()) if (names.test(nameOf(thread))) lower(thread);
}

function lower(...threads: readonly string[]): void {
  for (const thread of threads) {
    try {
      setPriority(Number(thread), LOW);
    } catch {
      // It has ended, or this system has no such thing: a matter of latency alone
    }
  }
}

function threadsOf(): string[] {
  try {
    return readdirSync(THREADS);
  } catch {
    return []; // not Linux
  }
}

/** `/proc/thread-self` → `1234/task/1240` → `1240`; nothing where this is not Linux */
function ownThread(): string[] {
  try {
    return readlinkSync('/proc/thread-self').split('/').slice(-1);
  } catch {
    return [];
  }
}

function nameOf(thread: string): string {
  try {
    return readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
