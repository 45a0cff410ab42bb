import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cronSchema, type KenalConfig, kenalConfigSchema, LINK_JOB } from '@kenal/contracts';
import { nextRun } from '@kenal/jobs';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { hashKey } from '@kenal/service-kit';
import { expect, test, vi } from 'vitest';
import { scheduleAll } from './schedules.ts';

const configOf = (linkages: Readonly<Record<string, object>>): KenalConfig =>
  kenalConfigSchema.parse({
    workspaces: Object.entries(linkages).map(([id, linkage]) => ({
      ...{ id, linkage, sources: [{ id: 'web', keys: [{ key: hashKey('w') }] }] },
    })),
  });

test('a pass is asked for by the clock where the configuration says so, and nowhere else', async () => {
  const queue = await openEmbeddedQueue({ dataDir: await mkdtemp(join(tmpdir(), 'kenal-schedules-')) });
  const schedule = '* * * * * *';
  const config = configOf({ shop_1: { enabled: true, schedule }, off: { schedule }, nightly: { enabled: true } });
  const workers = await scheduleAll(queue, config);
  const asked = await vi.waitFor(
    async () => {
      const jobs = await queue.list({ name: LINK_JOB, limit: 10 });
      expect(jobs.length).toBeGreaterThan(0);
      return jobs;
    },
    { timeout: 5_000, interval: 50 },
  );
  expect(asked.map(({ data }) => data)).toEqual([{ workspace: 'shop_1', retrain: false }]);
  await Promise.all(workers.map((worker) => worker.drain()));
  await queue.close();
});

test('marts of one hour are asked for by one schedule, and what is switched off by none', async () => {
  const scheduled: unknown[] = [];
  const queue = await openEmbeddedQueue({ dataDir: await mkdtemp(join(tmpdir(), 'kenal-schedules-')) });
  const watched = {
    ...queue,
    schedule: async (_beginning: string, all: readonly object[]) => void scheduled.push(...all),
  };
  const shop = (id: string, marts: object) => {
    return { id, timezone: 'Europe/Berlin', marts, sources: [{ id: 'web', keys: [{ key: hashKey('w') }] }] };
  };
  const own = shop('own', { schedules: { customer_day: '17 3 * * *' } });
  const workspaces = [shop('usual', {}), shop('off', { enabled: false }), own];
  const workers = await scheduleAll(watched, kenalConfigSchema.parse({ workspaces }));
  const timezone = 'Europe/Berlin';
  const of = (cron: string, workspace: string, ...marts: string[]) =>
    expect.objectContaining({ cron, timezone, data: { workspace, cron, marts } }); // `kenal jobs ls` shows what it is of
  expect(scheduled).toContainEqual(of('*/5 * * * *', 'usual', 'customer_day', 'triggers'));
  expect(scheduled).toContainEqual(of('17 3 * * *', 'own', 'customer_day'));
  expect(JSON.stringify(scheduled)).not.toContain('"off"');
  await Promise.all(workers.map((worker) => worker.drain()));
  await queue.close();
  expect(() => kenalConfigSchema.parse({ workspaces: [shop('s', { schedules: { custumer_day: 'off' } })] })).toThrow(
    /must name a mart that is refreshed: customer_day/,
  );
});

test('what was scheduled by the configuration of before is taken back', async () => {
  const queue = await openEmbeddedQueue({ dataDir: await mkdtemp(join(tmpdir(), 'kenal-schedules-')) });
  const waiting = async (linkages: Parameters<typeof configOf>[0]) => {
    const workers = await scheduleAll(queue, configOf(linkages));
    await Promise.all(workers.map((worker) => worker.drain()));
    return (await queue.list({ state: 'delayed', limit: 100 })).map(
      ({ name, data }) => `${name.split('-')[0]} ${data.workspace}`,
    );
  };
  const before = await waiting({ shop: { enabled: true, schedule: '0 3 1 1 *' }, gone: { enabled: true } });
  expect(before).toEqual(expect.arrayContaining(['link shop', 'mart shop', 'link gone', 'mart gone']));
  const after = await waiting({ shop: { enabled: false } });
  expect(new Set(after)).toEqual(new Set(['mart shop']));
  await queue.close();
});

test('the configuration takes the schedules that the queue can keep, and no others', () => {
  const right = [
    '0 3 * * 7',
    '*/90 * * * *',
    '0 3 * jan-mar MON-fri',
    '5/15 * * * *',
    '30 0 3 29 2 ?',
    '01 03 1-31/2 * 5-7',
  ];
  const special = ['0 0 L * *', '0 0 * * 5L', '0 0 * * 1#2', '0 0 31 2 1', '5-59/15 * * * *', '0,30 8-18 * * mon'];
  const numbers = ['99 3 * * *', '0 24 * * *', '0 3 0 * *', '0 3 32 * *', '0 3 * 13 *', '0 3 * * 8', '60 * * * * *'];
  const forms = ['*/0 * * * *', '5-1 * * * *', '1,,2 * * * *', '1- * * * *', '-1 * * * *', '1.5 * * * *', '*5 * * * *'];
  const words = [
    'a b c d e',
    '0 3 * * fri-mon',
    '0 0 * * monday',
    '0 0 31 2 *',
    '0 0 30 feb *',
    '*/5,10 * * * *',
    '*/1/2 * * * *',
  ];
  const isKept = (cron: string): boolean => {
    try {
      return nextRun(cron, 'UTC', 0) > 0;
    } catch {
      return false;
    }
  };
  for (const cron of [...right, ...special, ...numbers, ...forms, ...words])
    expect([cron, cronSchema.safeParse(cron).success]).toEqual([cron, isKept(cron)]);
  expect([...right, ...special].filter((cron) => !isKept(cron))).toEqual([]);
});

test.each(['every night', '* * *', '* * * * * * *'])('the schedule %j is refused with an example', (schedule) => {
  expect(() => configOf({ shop: { schedule } })).toThrow(/cron expression of 5 or 6 fields, such as 0 3/);
});
