import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, type JobQueue, kenalConfigSchema, MART_JOB } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { createLogger, createMetrics, hashKey, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Mart, MartRefresh } from './mart.ts';
import { createMartJob } from './mart-job.ts';
import { createMartMetrics } from './mart-metrics.ts';

const config = kenalConfigSchema.parse({
  workspaces: [{ id: 'shop', timezone: 'Europe/Berlin', sources: [{ id: 'web', keys: [{ key: hashKey('w') }] }] }],
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

let warehouse: Warehouse;
let queue: JobQueue;
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kenal-marts-'));
  warehouse = await openWarehouse({ dataDir });
  await warehouse.migrate();
  queue = await openEmbeddedQueue({ dataDir });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const deps = {
    config,
    warehouse,
    clock: systemClock,
    marts: { orders },
    metrics: createMartMetrics(metrics),
    logger,
  };
  await queue.work(MART_JOB, 1, createMartJob(deps, new AbortController().signal));
});
afterAll(async () => {
  await queue?.close();
  await warehouse?.close();
});

const add = (data: object): Promise<string> =>
  queue.add({ name: MART_JOB, data: { workspace: 'shop', mart: 'orders', full: false, ...data }, backoffMs: [1] });
const end = (id: string): Promise<Job> =>
  vi.waitFor(
    async () => {
      const job = (await queue.list({ name: MART_JOB, limit: 10 })).find((each) => each.id === id);
      expect(['done', 'dead']).toContain(job?.state);
      return job as Job;
    },
    { timeout: 30_000 },
  );
const runOf = async (id: string) => {
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
  expect((await end(id)).state).toBe('dead');
  expect(await runOf(id)).toMatchObject({
    state: 'failed',
    step: 'counting in Europe/Berlin',
    error: expect.stringContaining('no such tier'),
  });
  const [gone, nowhere] = [await add({ mart: 'gone' }), await add({ workspace: 'gone' })];
  expect((await end(gone)).lastError).toMatch(/there is no mart gone/);
  expect((await end(nowhere)).lastError).toMatch(/workspace gone is not configured/);
});
