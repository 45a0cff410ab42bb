import { expect, test } from 'vitest';
import { openPlace } from './place.ts';
import { addOne, eventually, recorder } from './record.ts';
import type { Bench } from './suite.ts';

export function queuePromises({ queue, place, name }: Bench): void {
  test('jobs of one name run in the order in which they were added, one at a time', async () => {
    const job = name();
    let inHand = 0;
    const record = recorder(async () => {
      inHand += 1;
      expect(inHand).toBe(1);
      await new Promise(setImmediate);
      inHand -= 1;
    });
    for (let n = 0; n < 20; n += 1) await addOne(queue(), { name: job, data: { n } });
    const worker = await queue().work(job, 1, record.handler);
    for (let n = 20; n < 40; n += 1) await addOne(queue(), { name: job, data: { n } });
    await record.reached(40);
    await worker.drain();
    expect(record.seen.map((one) => one.job.data.n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  test('a job carries its data and its count of attempts, and is seen in the state that it is in', async () => {
    const job = name();
    const data = { text: 'é\u{1f600}', nested: { list: [1, null, true] } };
    const id = await addOne(queue(), { name: job, data, attempts: 3 });
    const later = await addOne(queue(), { name: job, data, delayMs: 60_000 });
    const states = async () => (await queue().list({ name: job, limit: 10 })).map((one) => [one.id, one.state]);
    expect(await states()).toEqual([
      [id, 'waiting'],
      [later, 'delayed'],
    ]);
    const record = recorder(async () => {
      expect(await queue().list({ name: job, state: 'active', limit: 10 })).toMatchObject([{ id, attempt: 1 }]);
    });
    const worker = await queue().work(job, 1, record.handler);
    await record.reached(1);
    await worker.drain();
    expect(record.seen[0]?.job).toMatchObject({
      id,
      name: job,
      data,
      state: 'active',
      attempt: 1,
      attempts: 3,
      lastError: null,
    });
    const done = await queue().list({ name: job, state: 'done', limit: 10 });
    expect(done).toMatchObject([{ id, state: 'done', data, attempt: 1, lastError: null }]);
    expect(await queue().list({ name: job, state: 'dead', limit: 10 })).toEqual([]);
    expect(await queue().list({ name: name(), limit: 10 })).toEqual([]);
  });

  test('a delayed job does not run before its time, and does not hold up others', async () => {
    const job = name();
    const record = recorder();
    const worker = await queue().work(job, 1, record.handler);
    const added = Date.now();
    await addOne(queue(), { name: job, data: { n: 'late' }, delayMs: 200 });
    const [waiting] = await queue().list({ name: job, state: 'delayed', limit: 1 });
    expect(waiting?.runAt).toBeGreaterThanOrEqual(added + 200);
    expect(waiting?.runAt).toBeLessThan(added + 1_200);
    await addOne(queue(), { name: job, data: { n: 'now' } });
    await record.reached(2);
    await worker.drain();
    expect(record.seen.map((one) => one.job.data.n)).toEqual(['now', 'late']);
    expect(record.seen[1]!.at).toBeGreaterThanOrEqual(added + 200);
  });

  test('a unique key keeps one job of a name while it waits or runs, and is free again when it has ended', async () => {
    const job = name();
    const add = (n: number, delayMs = 0) => addOne(queue(), { name: job, data: { n }, uniqueKey: 'one: key', delayMs });
    const id = await add(1, 100);
    expect(await add(2)).toBe(id);
    expect(await queue().find(job, { uniqueKey: 'one: key' })).toMatchObject({ id, state: 'delayed' });
    let whileActive = '';
    const record = recorder(async (call) => {
      if (call === 1) whileActive = await add(3);
    });
    const elsewhere = name();
    await addOne(queue(), { name: elsewhere, data: {}, uniqueKey: 'one: key' });
    expect(await queue().list({ name: elsewhere, limit: 5 })).toHaveLength(1);
    const worker = await queue().work(job, 1, record.handler);
    await record.reached(1);
    await eventually(
      () => queue().list({ name: job, state: 'done', limit: 5 }),
      (jobs) => jobs.length === 1,
    );
    expect(whileActive).toBe(id);
    const second = await add(4);
    expect(second).not.toBe(id);
    await record.reached(2);
    await worker.drain();
    expect(record.seen.map((one) => one.job.data.n)).toEqual([1, 4]);
  });

  test('two connections that add under one key at the same time make one job', async () => {
    const job = name();
    const other = await openPlace(place());
    const add = (from: typeof other) => addOne(from, { name: job, data: {}, uniqueKey: 'k' });
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => add(n % 2 === 0 ? other : queue())));
    expect(new Set(ids).size).toBe(1);
    expect(await queue().list({ name: job, limit: 10 })).toHaveLength(1);
    await other.close();
  });

  test('a name of other letters and attempts below one are refused as bugs', async () => {
    await expect(addOne(queue(), { name: 'Not:this', data: {} })).rejects.toThrow(TypeError);
    await expect(addOne(queue(), { name: name(), data: {}, attempts: 0 })).rejects.toThrow(TypeError);
    await expect(queue().work('', 1, async () => {})).rejects.toThrow(TypeError);
  });
}
