import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Place } from './place.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

export interface Child {
  /** Its lines, as they come. */
  readonly lines: AsyncIterableIterator<string>;
  readonly process: ChildProcess;
  /** kill −9; resolves with the lines that it had still printed. */
  kill(): Promise<string[]>;
}

export function spawnChild(role: string, place: Place, workspace: string, number = 0): Child {
  const child = spawn(process.execPath, [CHILD, role, JSON.stringify(place), workspace, String(number)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const reader = createInterface({ input: child.stdout });
  const lines = reader[Symbol.asyncIterator]() as AsyncIterableIterator<string>;
  return {
    lines,
    process: child,
    async kill() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const rest: string[] = [];
      for await (const line of lines) rest.push(line);
      return rest;
    },
  };
}

export async function nextLine(child: Child): Promise<string> {
  const { value, done } = await child.lines.next();
  if (done) throw new Error('the child ended before it printed the next line');
  return value;
}
