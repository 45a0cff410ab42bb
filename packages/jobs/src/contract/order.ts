import { expect, test } from 'vitest';
import { openPlace } from './place.ts';
import { addOne, eventually, recorder } from './record.ts';
import type { Bench } from './suite.ts';

export function orderPromises({ queue, place, name, killedAtWork }: Bench): void {
  const done = (job: string, jobs: number) =>
    eventually(
      () => queue().list({ name: job, state: 'done', limit: 500 }),
      (found) => found.length === jobs,
    );

  test('several jobs are added by one call; of a unique key one is there', async () => {
    const [job, other] = [name(), name()];
    const jobs = [1, 2, 3].map((n) => ({ name: n === 2 ? other : job, data: { n }, uniqueKey: `k${n % 2}` }));
    const [first, second, third] = await queue().add(jobs);
    expect(third).toBe(first);
    expect(await queue().find(job, { id: first! })).toMatchObject({ data: { n: 1 }, group: null, progress: null });
    expect(await queue().find(other, { id: second! })).toMatchObject({ data: { n: 2 } });
    expect(await queue().list({ name: job, limit: 5 })).toHaveLength(1);
    expect(await queue().add([])).toEqual([]);
  });

  test('jobs of a group run one at a time in their order, whatever the workers; groups run side by side', async () => {
    const job = name();
    const others = await Promise.all([openPlace(place()), openPlace(place())]);
    const groups = ['a', 'b', 'c', 'd'];
    const inHand = new Map<string, number>();
    let most = 0;
    const record = recorder(async (_call, { group }) => {
      inHand.set(group!, (inHand.get(group!) ?? 0) + 1);
      expect(inHand.get(group!)).toBe(1);
      most = Math.max(most, [...inHand.values()].filter((count) => count > 0).length);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inHand.set(group!, 0);
    });
    const jobs = Array.from({ length: 80 }, (_, n) => ({ name: job, data: { n }, group: groups[n % 4]! }));
    await queue().add(jobs.slice(0, 40));
    await Promise.all([queue(), ...others].map((one) => one.work(job, 3, record.handler)));
    await queue().add(jobs.slice(40));
    await done(job, 80);
    for (const [at, group] of groups.entries()) {
      const seen = record.seen.filter((one) => one.job.group === group).map((one) => one.job.data.n);
      expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n * 4 + at));
    }
    expect(most).toBeGreaterThan(1);
    await Promise.all(others.map((one) => one.close()));
  });

  test('a group waits while its first waits for its next attempt; others and ungrouped jobs pass by; a dead one lets the next begin', async () => {
    const job = name();
    const record = recorder((_call, { data, attempt }) =>
      data.n === 1 || (data.n === 3 && attempt < 2) ? Promise.reject(new Error('not yet')) : undefined,
    );
    const common = { name: job, attempts: 2, backoffMs: [200] };
    await queue().add([
      { ...common, data: { n: 1 }, group: 'a' },
      { ...common, data: { n: 2 }, group: 'a' },
      { ...common, data: { n: 3 }, group: 'b' },
      { ...common, data: { n: 4 }, group: 'b' },
      { ...common, data: { n: 5 } },
    ]);
    const worker = await queue().work(job, 2, record.handler);
    await done(job, 4);
    const order = record.seen.map((one) => Number(one.job.data.n));
    expect(order.filter((n) => n < 3)).toEqual([1, 1, 2]);
    expect(order.filter((n) => n === 3 || n === 4)).toEqual([3, 3, 4]);
    expect(order.indexOf(5)).toBeLessThan(order.indexOf(2));
    await worker.drain();
    const [dead] = await queue().list({ name: job, state: 'dead', limit: 5 });
    expect(dead).toMatchObject({ data: { n: 1 }, group: 'a' });
  });

  test('who waits for others of its group is seen as waiting, and is found by its unique key', async () => {
    const job = name();
    await queue().add([1, 2, 3].map((n) => ({ name: job, data: { n }, group: 'a', uniqueKey: `k${n}` })));
    const again = await addOne(queue(), { name: job, data: { n: 9 }, group: 'a', uniqueKey: 'k3' });
    expect(await queue().find(job, { uniqueKey: 'k3' })).toMatchObject({ id: again, state: 'waiting', data: { n: 3 } });
    const late = { name: job, data: { n: 4 }, group: 'a', delayMs: 60_000 };
    const id = await addOne(queue(), late);
    expect(await queue().find(job, { id })).toMatchObject({ state: 'waiting' });
    const waiting = await queue().list({ name: job, state: 'waiting', limit: 9 });
    expect(waiting.map(({ data }) => data.n).toSorted()).toEqual([1, 2, 3, 4]);
    expect(await queue().list({ name: job, state: 'delayed', limit: 9 })).toEqual([]);
    const worker = await queue().work(job, 3, async () => {});
    await done(job, 3);
    await eventually(
      () => queue().list({ name: job, state: 'delayed', limit: 9 }),
      (found) => found.length === 1 && found[0]!.runAt > Date.now() + 30_000,
    );
    await worker.drain();
  });

  test('a dead job of a group that is retried comes next in it', async () => {
    const job = name();
    const record = recorder((call) => (call === 1 ? Promise.reject(new Error('no')) : undefined));
    const worker = await queue().work(job, 2, record.handler);
    const id = await addOne(queue(), { name: job, data: { n: 1 }, group: 'a', attempts: 1 });
    await eventually(
      () => queue().find(job, { id }),
      (found) => found?.state === 'dead',
    );
    await worker.drain();
    await queue().add([2, 3].map((n) => ({ name: job, data: { n }, group: 'a' })));
    expect(await queue().retry(job, id)).toBe(true);
    const second = await queue().work(job, 2, record.handler);
    await done(job, 3);
    await second.drain();
    expect(record.seen.map((one) => one.job.data.n)).toEqual([1, 2, 1, 3]);
    expect(record.seen[2]?.job.attempt).toBe(1);
  });

  test('of one key no more run at once than its limit says, across processes; others pass by', async () => {
    const job = name();
    const other = await openPlace(place());
    const inHand = { slow: 0, fast: 0 };
    const most = { slow: 0, fast: 0 };
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const record = recorder(async (_call, { data, attempt }) => {
      expect(attempt).toBe(1);
      const key = data.key as 'slow' | 'fast';
      most[key] = Math.max(most[key], ++inHand[key]);
      if (key === 'slow') await held;
      inHand[key] -= 1;
    });
    const of = (key: string, count: number) =>
      Array.from({ length: count }, (_, n) => ({ name: job, data: { key, n }, limit: { key, parallel: 2 } }));
    await queue().add([...of('slow', 12), ...of('fast', 12)]);
    const workers = await Promise.all([queue(), other].map((one) => one.work(job, 4, record.handler)));
    await done(job, 12);
    expect(record.seen.filter((one) => one.job.data.key === 'slow')).toHaveLength(2);
    expect(most.slow).toBe(2);
    release();
    await done(job, 24);
    expect(most.slow).toBe(2);
    expect(most.fast).toBeLessThanOrEqual(2);
    await Promise.all(workers.map((worker) => worker.drain()));
    await other.close();
  });

  test('what a worker process had in hand when it was killed −9 keeps its place in its group, and gives its place back', async () => {
    const job = name();
    const jobs = [1, 2, 3].map((n) => ({ name: job, data: { n }, group: 'a', limit: { key: 'k', parallel: 1 } }));
    await queue().add(jobs);
    expect(await killedAtWork(job)).toBe('took 1 attempt 1');
    const record = recorder();
    const worker = await queue().work(job, 3, record.handler);
    await done(job, 3);
    await worker.drain();
    expect(record.seen.map((one) => [one.job.data.n, one.job.attempt])).toEqual([
      [1, 2],
      [2, 1],
      [3, 1],
    ]);
  });

  test('a limit takes no more than its most; what is over makes room', async () => {
    const job = name();
    const limit = { key: 'k', parallel: 1, most: 3 };
    const add = (...ns: number[]) => queue().add(ns.map((n) => ({ name: job, data: { n }, limit, group: `g${n}` })));
    await add(1, 2);
    await add(3, 4);
    await expect(add(5)).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    expect(await queue().list({ name: job, limit: 9 })).toHaveLength(4);
    const worker = await queue().work(job, 3, async () => {});
    await done(job, 4);
    await eventually(
      () => add(5).catch(() => null),
      (ids) => ids !== null,
    );
    await done(job, 5);
    await worker.drain();
  });

  test('jobs of a workspace are found behind a thousand of others, in any state', async () => {
    const job = name();
    const workspace = `w-${job}`;
    const others = Array.from({ length: 1_001 }, () => ({ name: job, data: { workspace: 'another' } }));
    const later = { delayMs: 60_000 };
    const own = [{ n: 1 }, { n: 2, ...later }, { n: 3, group: 'a' }, { n: 4, group: 'a' }];
    await queue().add([
      ...others,
      ...others.map((one) => ({ ...one, ...later })),
      ...own.map(({ n, ...how }) => ({ name: job, data: { workspace, n }, ...how })),
    ]);
    const found = await queue().list({ workspace, limit: 9 });
    expect(found.map(({ data, state }) => `${data.n} ${state}`).toSorted()).toEqual([
      ...['1 waiting', '2 delayed', '3 waiting', '4 waiting'],
    ]);
    expect(await queue().list({ workspace, state: 'delayed', limit: 9 })).toHaveLength(1);
  });

  test('jobs of a workspace are listed over all names', async () => {
    const [one, other] = [name(), name()];
    const workspace = `w-${one}`;
    await queue().add([
      { name: one, data: { workspace, n: 1 } },
      { name: other, data: { workspace, n: 2 }, delayMs: 60_000 },
      { name: other, data: { workspace: 'another', n: 3 } },
      { name: other, data: { n: 4 } },
    ]);
    const listed = async (state?: 'delayed') =>
      (await queue().list({ workspace, state, limit: 9 })).map(({ data }) => data.n).toSorted();
    expect(await listed()).toEqual([1, 2]);
    expect(await listed('delayed')).toEqual([2]);
  });

  test('progress is seen while the job runs, and kept', async () => {
    const job = name();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const worker = await queue().work(job, 1, async (_job, progress) => {
      await progress(3, null);
      await progress(5, 10, 'half');
      await held;
    });
    const id = await addOne(queue(), { name: job, data: {} });
    const half = { done: 5, total: 10, note: 'half' };
    await eventually(
      () => queue().find(job, { id }),
      (found) => found?.state === 'active' && found.progress?.done === 5,
    );
    release();
    const [found] = await done(job, 1);
    expect(found).toMatchObject({ id, progress: half });
    await worker.drain();
  });
}
