import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { openPlace } from '../contract/place.ts';
import { recorder } from '../contract/record.ts';
import { jobQueueContract } from '../contract/suite.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'kenal-jobs-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

jobQueueContract('SQLite', async () => ({ dataDir, leaseMs: 600 }));

test('a job whose worker died before the clock was set back is taken again', async () => {
  const queue = await openPlace({ dataDir, leaseMs: 600 });
  const id = await queue.add({ name: 'late', data: {} });
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
