import { expect, test } from 'vitest';
import { openPlace } from './place.ts';
import { addOne, eventually, recorder } from './record.ts';
import type { Bench } from './suite.ts';

export function workerPromises({ queue, place, name, killedAtWork }: Bench): void {
  /** Another worker takes and ends a job of another name: whatever was to happen at once has happened. */
  async function others(): Promise<string> {
    const job = name();
    const record = recorder();
    const worker = await queue().work(job, 1, record.handler);
    await addOne(queue(), { name: job, data: {} });
    await record.reached(1);
    await worker.drain();
    return 'in hand';
  }

  test('drain takes no further job and waits for those in hand', async () => {
    const job = name();
    let release = () => {};
    const record = recorder(() => new Promise<void>((resolve) => (release = resolve)));
    const worker = await queue().work(job, 1, record.handler);
    await addOne(queue(), { name: job, data: { n: 1 } });
    await addOne(queue(), { name: job, data: { n: 2 } });
    await record.reached(1);
    const draining = worker.drain().then(() => 'drained');
    expect(await Promise.race([draining, others()])).toBe('in hand');
    release();
    await draining;
    const states = (await queue().list({ name: job, limit: 5 })).map((one) => [one.data.n, one.state]);
    expect(states.toSorted()).toEqual([
      [1, 'done'],
      [2, 'waiting'],
    ]);
  });

  test('a job that has ended is written down while another one drains', async () => {
    const job = name();
    const ends: (() => void)[] = [];
    const record = recorder(() => new Promise<void>((resolve) => ends.push(resolve)));
    for (const n of [1, 2]) await addOne(queue(), { name: job, data: { n } });
    const worker = await queue().work(job, 2, record.handler);
    await record.reached(2);
    const draining = worker.drain();
    ends[0]!();
    const [done] = await eventually(
      () => queue().list({ name: job, state: 'done', limit: 2 }),
      (jobs) => jobs.length === 1,
    );
    expect(done?.data).toEqual(record.seen[0]?.job.data);
    expect(await queue().list({ name: job, state: 'active', limit: 2 })).toHaveLength(1);
    ends[1]!();
    await draining;
    expect(await queue().list({ name: job, state: 'done', limit: 2 })).toHaveLength(2);
  });

  test('as many jobs run at once as the worker says, and no more', async () => {
    const job = name();
    let inHand = 0;
    let most = 0;
    const record = recorder(async () => {
      inHand += 1;
      most = Math.max(most, inHand);
      await record.reached(3);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inHand -= 1;
    });
    for (let n = 0; n < 9; n += 1) await addOne(queue(), { name: job, data: { n } });
    const worker = await queue().work(job, 3, record.handler);
    await record.reached(9);
    await worker.drain();
    expect(most).toBe(3);
  });

  test('workers of many connections do each job once', async () => {
    const job = name();
    const others = await Promise.all([openPlace(place()), openPlace(place())]);
    const record = recorder(() => new Promise(setImmediate));
    await Promise.all([queue(), ...others].map((one) => one.work(job, 4, record.handler)));
    for (let n = 0; n < 60; n += 1) await addOne(queue(), { name: job, data: { n } });
    await eventually(
      () => queue().list({ name: job, state: 'done', limit: 100 }),
      (jobs) => jobs.length === 60,
    );
    expect(record.seen).toHaveLength(60);
    expect(new Set(record.seen.map((one) => one.job.data.n)).size).toBe(60);
    await Promise.all(others.map((one) => one.close()));
  });

  test('a handler that works longer than the lease keeps its job', async () => {
    const job = name();
    const other = await openPlace(place());
    const record = recorder(() => new Promise((resolve) => setTimeout(resolve, 3 * place().leaseMs)));
    await other.work(job, 1, record.handler);
    await addOne(queue(), { name: job, data: {} });
    await record.reached(1);
    const second = await queue().work(job, 1, record.handler);
    await eventually(
      () => queue().list({ name: job, state: 'done', limit: 1 }),
      (jobs) => jobs.length === 1,
    );
    await second.drain();
    await other.close();
    expect(record.seen).toHaveLength(1);
  });

  test('the job of a worker process that was killed −9 is taken again', async () => {
    const job = name();
    await addOne(queue(), { name: job, data: { n: 7 }, uniqueKey: 'k' });
    expect(await killedAtWork(job)).toBe('took 7 attempt 1');
    const record = recorder();
    const worker = await queue().work(job, 1, record.handler);
    await record.reached(1);
    await worker.drain();
    expect(record.seen[0]?.job).toMatchObject({ data: { n: 7 }, attempt: 2 });
    expect(await queue().list({ name: job, limit: 5 })).toMatchObject([{ state: 'done' }]);
  });

  test('a job that kills its worker in every attempt is dead in the end, with the reason', async () => {
    const job = name();
    await addOne(queue(), { name: job, data: { n: 1 }, attempts: 1 });
    await killedAtWork(job);
    const record = recorder();
    const worker = await queue().work(job, 1, record.handler);
    const [found] = await eventually(
      () => queue().list({ name: job, state: 'dead', limit: 1 }),
      (jobs) => jobs.length === 1,
    );
    expect(found?.lastError).toMatch(/died/);
    expect(record.seen).toEqual([]);
    await worker.drain();
  });

  test('jobs outlive the queue that they were added to', async () => {
    const job = name();
    const first = await openPlace(place());
    const id = await addOne(first, { name: job, data: { n: 1 } });
    await first.close();
    await expect(addOne(first, { name: job, data: {} })).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    const second = await openPlace(place());
    expect(await second.list({ name: job, limit: 5 })).toMatchObject([{ id, state: 'waiting' }]);
    await second.close();
  });
}
