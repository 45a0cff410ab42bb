import { expect, test } from 'vitest';
import { openPlace } from './place.ts';
import { recorder } from './record.ts';
import type { Bench } from './suite.ts';

const EVERY_SECOND = '* * * * * *';

export function schedulePromises({ queue, place, name }: Bench): void {
  test('a job comes whenever the cron expression says so, from two processes with the schedule too', async () => {
    const job = name();
    // The first run fails: its second attempt must not bring a second row of runs along.
    const record = recorder((call) => (call === 1 ? Promise.reject(new Error('once')) : undefined));
    const other = await openPlace(place());
    const schedule = { name: job, cron: EVERY_SECOND, timezone: 'UTC', data: { what: 'tick' } };
    await queue().schedule(job, [schedule]);
    await other.schedule(job, [schedule]);
    const worker = await queue().work(job, 2, record.handler);
    await record.reached(5);
    await worker.drain();
    await other.close();
    const runs = record.seen.filter((one) => one.job.attempt === 1);
    const seconds = runs.map((one) => Math.round(one.job.runAt / 1_000));
    expect(new Set(seconds).size).toBe(seconds.length);
    expect(record.seen[0]?.job).toMatchObject({ name: job, data: { what: 'tick' }, attempt: 1 });
  });

  test('a schedule replaces that of the same name; the next run is seen as a delayed job in its time zone', async () => {
    const job = name();
    await queue().schedule(job, [{ name: job, cron: EVERY_SECOND, timezone: 'UTC', data: { n: 1 } }]);
    await queue().schedule(job, [{ name: job, cron: '30 3 1 1 *', timezone: 'Asia/Tokyo', data: { n: 2 } }]);
    const jobs = await queue().list({ name: job, limit: 10 });
    expect(jobs).toMatchObject([{ state: 'delayed', data: { n: 2 } }]);
    expect(new Date(jobs[0]!.runAt).toISOString()).toMatch(/-12-31T18:30:00\.000Z$/);
  });

  test('a run that fell due while no worker ran is made up for once, also where the schedule is set again', async () => {
    const job = name();
    const schedule = { name: job, cron: EVERY_SECOND, timezone: 'UTC', data: {} };
    await queue().schedule(job, [schedule]);
    const [next] = await queue().list({ name: job, limit: 1 });
    await new Promise((resolve) => setTimeout(resolve, next!.runAt - Date.now() + 50));
    await queue().schedule(job, [schedule]);
    const record = recorder();
    const worker = await queue().work(job, 1, record.handler);
    await record.reached(1);
    await worker.drain();
    expect(record.seen[0]?.job.id).toBe(next?.id);
  });

  test('of a beginning only the schedules stay that are given, others go with the run that waits, due or not', async () => {
    const beginning = name();
    const of = (one: string, cron: string) => ({ name: `${beginning}-${one}`, cron, timezone: 'UTC', data: {} });
    const [stays, due, later] = [of('stays', '0 4 * * *'), of('due', EVERY_SECOND), of('later', '0 5 * * *')];
    const elsewhere = { ...stays, name: name() };
    await queue().schedule(elsewhere.name, [elsewhere]);
    await queue().schedule(beginning, [stays, due, later]);
    const waiting = ({ name: job }: { readonly name: string }) => queue().list({ name: job, limit: 5 });
    await expect.poll(async () => (await waiting(due))[0]!.runAt < Date.now()).toBe(true);
    const [before] = await waiting(stays);
    await queue().schedule(beginning, [stays]);
    expect([await waiting(due), await waiting(later), await waiting(stays)]).toEqual([[], [], [before]]);
    expect(await waiting(elsewhere)).toHaveLength(1);
    const record = recorder();
    await queue().schedule(beginning, [stays, { ...later, cron: EVERY_SECOND }]);
    const workers = [
      await queue().work(due.name, 1, record.handler),
      await queue().work(later.name, 1, record.handler),
    ];
    await record.reached(2);
    await Promise.all(workers.map((worker) => worker.drain()));
    expect(new Set(record.seen.map(({ job }) => job.name))).toEqual(new Set([later.name]));
  });

  test('a wrong expression or time zone is refused and changes nothing', async () => {
    const job = name();
    const base = { name: job, cron: '0 4 * * *', timezone: 'UTC', data: {} };
    await queue().schedule(job, [base]);
    const before = await queue().list({ name: job, limit: 5 });
    for (const wrong of [{ cron: '61 * * * *' }, { cron: '* *' }, { cron: '* * * * * * *' }, { timezone: 'Mars/One' }])
      await expect(queue().schedule(job, [{ ...base, ...wrong }])).rejects.toMatchObject({ code: 'bad_config' });
    expect(await queue().list({ name: job, limit: 5 })).toEqual(before);
  });
}
