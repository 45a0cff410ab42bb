import { KenalError } from '@kenal/errors';
import { expect, test } from 'vitest';
import { addOne, eventually, recorder } from './record.ts';
import type { Bench } from './suite.ts';

export function failurePromises({ queue, name }: Bench): void {
  const dead = (job: string) =>
    eventually(
      () => queue().list({ name: job, state: 'dead', limit: 10 }),
      (jobs) => jobs.length > 0,
    );

  test('a job that fails waits as its list says, the last entry from there on, and is dead after its attempts', async () => {
    const job = name();
    const record = recorder((call) => Promise.reject(new Error(`failure ${call}`)));
    const worker = await queue().work(job, 1, record.handler);
    const id = await addOne(queue(), { name: job, data: {}, attempts: 4, backoffMs: [50, 150] });
    await record.reached(1);
    const [waiting] = await eventually(
      () => queue().list({ name: job, state: 'delayed', limit: 1 }),
      (jobs) => jobs.length === 1,
    );
    expect(waiting).toMatchObject({ id, attempts: 4, lastError: expect.stringMatching(/^failure \d$/) });
    expect(await dead(job)).toMatchObject([{ id, attempt: 4, attempts: 4, lastError: 'failure 4' }]);
    await worker.drain();
    const times = record.seen.map((one) => one.at);
    const waits = times.slice(1).map((at, n) => at - times[n]!);
    expect(record.seen.map((one) => one.job.attempt)).toEqual([1, 2, 3, 4]);
    for (const [n, least] of [50, 150, 150].entries()) {
      expect(waits[n]).toBeGreaterThanOrEqual(least);
      expect(waits[n]).toBeLessThan(least + 1_000);
    }
    expect(record.seen[1]?.job.lastError).toBe('failure 1');
  });

  test('a job that failed and then succeeds is done', async () => {
    const job = name();
    const record = recorder((call) => (call < 3 ? Promise.reject(new KenalError('unavailable')) : undefined));
    const worker = await queue().work(job, 1, record.handler);
    await addOne(queue(), { name: job, data: {}, backoffMs: [10] });
    await record.reached(3);
    await worker.drain();
    expect(await queue().list({ name: job, limit: 10 })).toMatchObject([{ state: 'done', attempt: 3 }]);
  });

  test('an error may ask for a longer wait', async () => {
    const job = name();
    const later = Object.assign(new Error('in an hour'), { waitMs: 3_600_000 });
    const record = recorder(() => Promise.reject(later));
    const worker = await queue().work(job, 1, record.handler);
    const id = await addOne(queue(), { name: job, data: {}, attempts: 2, backoffMs: [10] });
    const found = await eventually(
      () => queue().find(job, { id }),
      (one) => one?.state === 'delayed',
    );
    expect(found!.runAt).toBeGreaterThan(Date.now() + 3_500_000);
    await worker.drain();
  });

  test('an error that says that no retry can help makes the job dead at once', async () => {
    const job = name();
    const record = recorder(() => Promise.reject(new KenalError('bad_config', 'no such place')));
    const worker = await queue().work(job, 1, record.handler);
    await addOne(queue(), { name: job, data: {}, attempts: 5, backoffMs: [1] });
    expect(await dead(job)).toMatchObject([{ attempt: 1, lastError: expect.stringContaining('no such place') }]);
    await worker.drain();
    expect(record.seen).toHaveLength(1);
  });

  test('a dead job can be retried with fresh attempts; nothing else can', async () => {
    const job = name();
    const record = recorder((call) => (call <= 2 ? Promise.reject(new Error('still away')) : undefined));
    const worker = await queue().work(job, 1, record.handler);
    const id = await addOne(queue(), { name: job, data: { n: 1 }, attempts: 2, backoffMs: [1], uniqueKey: 'k' });
    await dead(job);
    expect(await queue().retry(job, 'unknown')).toBe(false);
    expect(await queue().retry(name(), id)).toBe(false);
    expect(await queue().retry(job, id)).toBe(true);
    await record.reached(3);
    await eventually(
      () => queue().list({ name: job, state: 'done', limit: 5 }),
      (jobs) => jobs.length === 1,
    );
    expect(record.seen[2]?.job).toMatchObject({ id, data: { n: 1 }, attempt: 1, attempts: 2 });
    expect(await queue().retry(job, id)).toBe(false);
    await worker.drain();
  });

  test('a job that waits for its next attempt makes it when it is asked to, and the others of its group follow', async () => {
    const job = name();
    const record = recorder((call) => (call === 1 ? Promise.reject(new Error('still away')) : undefined));
    const worker = await queue().work(job, 1, record.handler);
    const of = { name: job, group: 'g', backoffMs: [3_600_000] };
    const id = await addOne(queue(), { ...of, data: { n: 1 } });
    const behind = await addOne(queue(), { ...of, data: { n: 2 } });
    await eventually(
      () => queue().find(job, { id }),
      (one) => one?.state === 'delayed',
    );
    expect(await queue().retry(job, behind)).toBe(false);
    expect(await queue().retry(job, id)).toBe(true);
    await record.reached(3);
    expect(record.seen.map((one) => [one.job.id, one.job.attempt])).toEqual([
      [id, 1],
      [id, 2],
      [behind, 1],
    ]);
    await worker.drain();
  });

  test('of a unique key the last dead job is kept, and none once one of it has succeeded', async () => {
    const job = name();
    let isBroken = true;
    const record = recorder(() => (isBroken ? Promise.reject(new KenalError('bad_config')) : undefined));
    const worker = await queue().work(job, 1, record.handler);
    const add = (uniqueKey: string) => addOne(queue(), { name: job, data: {}, uniqueKey });
    const run = async (uniqueKey: string): Promise<string> => {
      const id = await add(uniqueKey);
      const over = await eventually(
        () => queue().find(job, { id }),
        (one) => one?.state === 'dead' || one?.state === 'done',
      );
      expect(await queue().find(job, { uniqueKey })).toEqual(over);
      return id;
    };
    const deadOnes = async () => (await queue().list({ name: job, state: 'dead', limit: 10 })).map(({ id }) => id);
    const first = await run('k');
    const other = await run('other');
    const second = await run('k');
    expect(await queue().find(job, { id: first })).toBeNull();
    expect((await deadOnes()).toSorted()).toEqual([other, second].toSorted());
    isBroken = false;
    const good = await run('k');
    expect(await deadOnes()).toEqual([other]);
    expect(await queue().retry(job, other)).toBe(true);
    await record.reached(5);
    await worker.drain();
    expect(await queue().find(job, { uniqueKey: 'other' })).toMatchObject({ id: other, state: 'done' });
    expect(await queue().find(job, { uniqueKey: 'k' })).toMatchObject({ id: good, state: 'done' });
    expect(await queue().find(job, { uniqueKey: 'nobody' })).toBeNull();
    expect(await queue().find(name(), { id: good })).toBeNull();
  });

  test('a retried job has its unique key again, and is not retried beside another of that key', async () => {
    const job = name();
    const record = recorder(() => Promise.reject(new KenalError('bad_config')));
    const worker = await queue().work(job, 1, record.handler);
    const add = () => addOne(queue(), { name: job, data: {}, uniqueKey: 'k', delayMs: 0 });
    const id = await add();
    await dead(job);
    await worker.drain();
    const twin = await add();
    expect(twin).not.toBe(id);
    expect(await queue().retry(job, id)).toBe(false);
    const second = await queue().work(job, 1, record.handler);
    await eventually(
      () => queue().list({ name: job, state: 'dead', limit: 5 }),
      ([one]) => one?.id === twin,
    );
    await second.drain();
    expect(await queue().retry(job, twin)).toBe(true);
    expect(await add()).toBe(twin);
  });
}
