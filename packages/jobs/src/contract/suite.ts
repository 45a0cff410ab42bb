import type { JobQueue } from '@kenal/contracts';
import { afterAll, beforeAll, describe } from 'vitest';
import { failurePromises } from './failures.ts';
import { openPlace, type Place } from './place.ts';
import { queuePromises } from './queueing.ts';
import { schedulePromises } from './schedules.ts';
import { workerPromises } from './workers.ts';

/** What every group of promises gets: a queue, the way to open more of it, and a job name that nobody used. */
export interface Bench {
  readonly queue: () => JobQueue;
  readonly place: () => Place;
  readonly name: () => string;
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
    const bench: Bench = { queue: () => queue, place: () => where, name: () => `job-${++names}` };

    describe('queueing', () => queuePromises(bench));
    describe('failures', () => failurePromises(bench));
    describe('workers', () => workerPromises(bench));
    describe('schedules', () => schedulePromises(bench));
  });
}
