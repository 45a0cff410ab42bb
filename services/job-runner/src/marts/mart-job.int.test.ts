import {
  type Job,
  type JobQueue,
  kenalConfigSchema,
  type MartAsk,
  martJob,
  martQueue,
  martRunId,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { DIED } from '@kenal/jobs';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { createLogger, createMetrics, hashKey, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { timeOf } from '../runs.ts';
import { workMarts } from './lanes.ts';
import type { Mart, MartRefresh } from './mart.ts';
import { createMartJob } from './mart-job.ts';
import { createMartMetrics } from './mart-metrics.ts';

const WORKSPACES = ['shop', 'shop-_1', 'shop_-1'];
const config = kenalConfigSchema.parse({
  workspaces: WORKSPACES.map((id) => {
    return { id, timezone: 'Europe/Berlin', sources: [{ id: 'web', keys: [{ key: hashKey(id) }] }] };
  }),
});
const metrics = createMetrics();
const asked: Pick<MartRefresh, 'full'>[] = [];
const faults: Error[] = [];
const orders: Mart = {
  async refresh({ workspace, full, note }) {
    asked.push({ full });
    await note(`counting in ${workspace.timezone}`);
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
    return { rows: 7 };
  },
};
/** Refreshes that run until they are let go, by workspace and mart. */
const held = new Map<string, () => void>();
const slow = (name: string): Mart => ({
  async refresh({ workspace: { id } }) {
    await new Promise<void>((resolve) => held.set(`${id} ${name}`, resolve));
    held.delete(`${id} ${name}`);
    return { rows: 0 };
  },
});

let warehouse: Warehouse;
let queue: JobQueue;
beforeAll(async () => {
  const dataDir = await migratedDirectory();
  warehouse = await openWarehouse({ dataDir });
  await warehouse.migrate();
  queue = await openEmbeddedQueue({ dataDir });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const deps = {
    config,
    queue,
    warehouse,
    clock: systemClock,
    marts: { orders, models: slow('models'), computed: slow('computed') },
    metrics: createMartMetrics(metrics),
    logger,
  };
  const { signal } = new AbortController();
  await workMarts(queue, config, createMartJob(deps, signal), signal);
});
afterAll(async () => {
  await queue?.close();
  await warehouse?.close();
});

interface Asked {
  readonly name: string;
  readonly id: string;
  /** As `mart_runs` has it. */
  readonly run: string;
}
const add = async (more: Partial<MartAsk>): Promise<Asked> => {
  const ask = { workspace: 'shop', mart: 'orders', full: false, ...more };
  const job = { ...martJob(ask), backoffMs: [1] };
  const [id = ''] = await queue.add([job]);
  return { name: job.name, id, run: martRunId(ask, id) };
};
const end = ({ name, id }: Asked): Promise<Job> =>
  vi.waitFor(
    async () => {
      const job = await queue.find(name, { id });
      expect(['done', 'dead']).toContain(job?.state);
      return job as Job;
    },
    { timeout: 30_000, interval: 5 },
  );
const runOf = async ({ run: id }: Asked) => {
  const sql =
    'SELECT mart, full, state, step, rows, seconds > 0 AS took, error FROM kenal.mart_runs WHERE id = {id:String}';
  return (await warehouse.query(sql, { workspace: 'shop', params: { id } }))[0];
};

test('a refresh that fails is tried again, and its row says what it came to', async () => {
  faults.push(new Error('the disk is full'));
  const id = await add({ full: true });
  await end(id);
  expect(asked).toEqual([{ full: true }, { full: true }]);
  const done = { mart: 'orders', full: true, state: 'done', step: '', rows: 7, took: 1, error: '' };
  expect(await runOf(id)).toEqual(done);
  expect(await warehouse.query('SELECT * FROM kenal.mart_runs', { workspace: 'bank' })).toEqual([]);
  const { text } = await metrics.render();
  expect(text).toContain('kenal_mart_refreshes_total{mart="orders",outcome="failed"} 1');
  expect(text).toContain('kenal_mart_refreshes_total{mart="orders",outcome="done"} 1');
  expect(text).toContain('kenal_mart_rows_total{mart="orders"} 7');
});

test('one that cannot succeed is dead with its reason, at once', async () => {
  faults.push(new KenalError('bad_config', 'no such tier'));
  const id = await add({});
  const progress = { done: 1, total: null, note: 'counting in Europe/Berlin' };
  expect(await end(id)).toMatchObject({ state: 'dead', progress });
  expect(await runOf(id)).toMatchObject({
    state: 'failed',
    step: 'counting in Europe/Berlin',
    error: expect.stringContaining('no such tier'),
  });
  expect((await end(await add({ mart: 'gone' }))).lastError).toMatch(/there is no mart gone/);
});

test('a fault that lasts is one dead job, which the next success takes away', async () => {
  const dead = async () => (await queue.list({ name: martQueue('shop', 'quick'), state: 'dead', limit: 10 })).length;
  const before = await dead();
  faults.push(...['once', 'twice'].map((message) => new KenalError('bad_config', message)));
  await end(await add({}));
  await end(await add({}));
  expect(await dead()).toBe(before);
  await end(await add({}));
  expect(await dead()).toBe(before - 1);
});

test('of a refresh that died with its process the next one says so, and asks for it again, once', async () => {
  for (const times of [1, 0]) {
    faults.push(...Array.from({ length: 5 }, () => new Error(DIED)));
    const died = await add({});
    expect((await end(died)).lastError).toBe(DIED);
    // As it is where nobody was left to write that it failed
    const ver = Date.now() * 1_000 + 1;
    const row = { workspace: 'shop', mart: 'orders', id: died.run, state: 'running', step: 'counting', error: '' };
    await warehouse.insert('kenal.mart_run_rows', [{ ...row, started_at: timeOf(ver), updated_at: timeOf(ver), ver }]);
    const before = asked.length;
    await end(await add({ full: true }));
    expect(await runOf(died)).toMatchObject({ state: 'failed', step: 'counting', error: DIED });
    await vi.waitFor(() => expect(asked.length).toBe(before + 1 + times));
    // It is over before the next one is asked for, which would be the same one
    const last = await queue.find(died.name, { uniqueKey: 'orders' });
    await end({ ...died, id: last!.id });
  }
});

test('a slow mart holds up neither what is quick nor another workspace', async () => {
  const [one, other, third] = WORKSPACES as [string, string, string];
  const runs = (...names: string[]) => vi.waitFor(() => expect([...held.keys()].sort()).toEqual(names.sort()));
  await add({ workspace: one, mart: 'models' });
  await add({ workspace: one, mart: 'computed' });
  await runs(`${one} models`, `${one} computed`);
  // Behind its own, in their order
  const behind = await add({ workspace: one });
  const heavy = await add({ workspace: other, mart: 'models' });
  for (const workspace of [other, third]) expect((await end(await add({ workspace }))).state).toBe('done');
  expect(await runOf(behind)).toBeUndefined();
  // What is heavy comes alone
  expect([...held.keys()].sort()).toEqual([`${one} computed`, `${one} models`]);
  held.get(`${one} models`)!();
  await runs(`${other} models`, `${one} computed`);
  held.get(`${one} computed`)!();
  expect((await end(behind)).state).toBe('done');
  held.get(`${other} models`)!();
  expect((await end(heavy)).state).toBe('done');
});
