import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { JobQueue } from '@kenal/contracts';
import { afterAll, beforeAll, describe } from 'vitest';
import { failurePromises } from './failures.ts';
import { orderPromises } from './order.ts';
import { openPlace, type Place } from './place.ts';
import { queuePromises } from './queueing.ts';
import { schedulePromises } from './schedules.ts';
import { workerPromises } from './workers.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** What every group of promises gets: a queue, the way to open more of it, and a job name that nobody used. */
export interface Bench {
  readonly queue: () => JobQueue;
  readonly place: () => Place;
  readonly name: () => string;
  /** A worker process that takes one job; killed once it has it. @returns what it printed */
  readonly killedAtWork: (job: string) => Promise<string>;
}

/** The promises of `JobQueue`, held against one adapter. `place` is asked once, before the first test. */
export function jobQueueContract(adapter: string, place: () => Promise<Place>): void {
  describe(`job queue on ${adapter}`, () => {
    let where: Place;
    let queue: JobQueue;
    let names = 0;
    beforeAll(async () => {
      where = await place();
      queue = await openPlace(where);
    });
    afterAll(() => queue?.close());
    async function killedAtWork(job: string): Promise<string> {
      const child = spawn(process.execPath, [CHILD, JSON.stringify(where), job], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      return String(line).trim();
    }
    const bench: Bench = { queue: () => queue, place: () => where, name: () => `job-${++names}`, killedAtWork };

    describe('queueing', () => queuePromises(bench));
    describe('failures', () => failurePromises(bench));
    describe('workers', () => workerPromises(bench));
    describe('order', () => orderPromises(bench));
    describe('schedules', () => schedulePromises(bench));
  });
}
