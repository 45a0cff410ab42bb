import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that prints lines, to be killed. */
export interface Child {
  readonly lines: string[];
  /** Resolves when it has printed so many lines. */
  printed(count: number): Promise<void>;
  /** kill −9; resolves when it is gone and its output read to the end. */
  kill(): Promise<void>;
}

const SCRIPT = new URL('./contract-process.ts', import.meta.url).pathname;

export function startChild(...args: readonly string[]): Child {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  const lines: string[] = [];
  const waiters = new Set<() => void>();
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    for (const waiter of waiters) waiter();
  });
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  return {
    lines,
    printed: (count) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (lines.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        void ended.then(() => reject(new Error(`the child ended after ${lines.length} lines`)));
        check();
      }),
    async kill() {
      stop();
      await ended;
      process.off('exit', stop);
    },
  };
}
