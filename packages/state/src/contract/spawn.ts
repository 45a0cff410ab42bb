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

/** Workers of a role that begin at one moment. @returns the line that each ends with */
export async function raceOf(count: number, role: string, place: Place, workspace: string): Promise<string[]> {
  const children = Array.from({ length: count }, (_, n) => spawnChild(role, place, workspace, n));
  await Promise.all(children.map(nextLine));
  for (const { process } of children) process.stdin!.write('x');
  return Promise.all(children.map(nextLine));
}

export async function nextLine(child: Child): Promise<string> {
  const { value, done } = await child.lines.next();
  if (done) throw new Error('the child ended before it printed the next line');
  return value;
}
