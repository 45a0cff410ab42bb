import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JobState } from '@kenal/contracts';
import { afterAll, expect, test } from 'vitest';
import { openPlace } from '../contract/place.ts';
import { addOne, recorder } from '../contract/record.ts';
import { jobQueueContract } from '../contract/suite.ts';
import { openEmbeddedQueue } from './index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'kenal-jobs-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

jobQueueContract('SQLite', async () => ({ dataDir, leaseMs: 600 }));

test('of a name a thousand jobs are kept that are over, each for thirty days', async () => {
  const queue = await openPlace({ dataDir, leaseMs: 600 });
  const db = new DatabaseSync(join(dataDir, 'jobs', 'jobs.db'));
  const put = db.prepare(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO job (name, data, state, attempts, backoff_ms, run_at) SELECT ?, '{}', ?, 1, '[]', ? FROM n`);
  const old = Date.now() - 31 * 86_400_000;
  for (const state of ['dead', 'done', 'queued']) {
    put.run(3, 'kept', state, old);
    put.run(1_002, 'kept', state, Date.now() + 3_600_000);
  }
  db.close();
  const worker = await queue.work('kept', 1, async () => {});
  await worker.drain();
  const count = async (state: JobState) => (await queue.list({ name: 'kept', state, limit: 9_999 })).length;
  expect([await count('dead'), await count('delayed')]).toEqual([1_000, 1_002]);
  expect(await count('done')).toBeLessThanOrEqual(1_003); // with those that it has just done
  await queue.close();
});

test('a job whose worker died before the clock was set back is taken again', async () => {
  const queue = await openPlace({ dataDir, leaseMs: 600 });
  const id = await addOne(queue, { name: 'late', data: {} });
  const db = new DatabaseSync(join(dataDir, 'jobs', 'jobs.db'));
  db.prepare(
    "UPDATE job SET state = 'active', attempt = 1, lease_token = 'the dead', lease_until = ? WHERE id = ?",
  ).run(Date.now() + 3_600_000, id);
  db.close();
  const record = recorder();
  const worker = await queue.work('late', 1, record.handler);
  await record.reached(1);
  await worker.drain();
  expect(record.seen[0]?.job.id).toBe(id);
  await queue.close();
});

test('a drain ends when all that became of jobs is written down, also where the database did not take it at first', async () => {
  const refused = Promise.withResolvers<void>();
  const queue = await openEmbeddedQueue({ dataDir, logger: { warn: () => refused.resolve() } });
  const end = Promise.withResolvers<void>();
  const record = recorder(() => end.promise);
  const worker = await queue.work('refused', 1, record.handler);
  await addOne(queue, { name: 'refused', data: {} });
  await record.reached(1);
  const db = new DatabaseSync(join(dataDir, 'jobs', 'jobs.db'));
  db.exec(`CREATE TRIGGER refuse BEFORE UPDATE ON job WHEN NEW.name = 'refused' AND NEW.state = 'done'
    BEGIN SELECT RAISE(ABORT, 'not now'); END`);
  const draining = worker.drain();
  end.resolve();
  await refused.promise;
  db.exec('DROP TRIGGER refuse');
  db.close();
  await draining;
  expect(await queue.list({ name: 'refused', limit: 1 })).toMatchObject([{ state: 'done' }]);
  await queue.close();
});
