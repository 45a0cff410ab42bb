import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobQueue, NewJob } from '@kenal/contracts';
import { openJobQueue } from '@kenal/jobs';
import { startRedis } from '../support/redis.ts';
import { quiet, report } from './measure.ts';

// node test/bench/jobs.bench.ts: jobs that do nothing, 32 at once, on both adapters: added one by one and 100 a call, run
// alone, in 500 groups, and in 500 groups under 20 limits of 4.
const JOBS = 5_000;
const CONCURRENCY = 32;

const KINDS: Readonly<Record<string, (n: number) => Partial<NewJob>>> = {
  alone: () => ({}),
  'in 500 groups': (n) => ({ group: `g${n % 500}` }),
  'in 500 groups, 20 limits of 4': (n) => ({ group: `g${n % 500}`, limit: { key: `k${n % 20}`, parallel: 4 } }),
};

async function measure(queue: JobQueue, adapter: string, kind: string, name: string): Promise<void> {
  const jobs = Array.from({ length: JOBS }, (_, n): NewJob => ({ name, data: { n }, ...KINDS[kind]?.(n) }));
  const single = jobs.slice(0, 500);
  const beginSingle = performance.now();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let job = single.pop(); job !== undefined; job = single.pop()) await queue.add([job]);
    }),
  );
  const added = 500 / ((performance.now() - beginSingle) / 1_000);
  const begin = performance.now();
  for (let at = 500; at < JOBS; at += 100) await queue.add(jobs.slice(at, at + 100));
  const many = (JOBS - 500) / ((performance.now() - begin) / 1_000);
  let left = JOBS;
  const all = Promise.withResolvers<void>();
  const beginRun = performance.now();
  const worker = await queue.work(name, CONCURRENCY, async () => {
    if (--left === 0) all.resolve();
  });
  await all.promise;
  await worker.drain();
  const value = JOBS / ((performance.now() - beginRun) / 1_000);
  const detail = `added ${Math.round(added)}/s one by one, ${Math.round(many)}/s 100 a call`;
  report({ measure: `jobs (${adapter}): run, ${kind}`, value, unit: 'jobs/s', detail });
}

const dataDir = await mkdtemp(join(tmpdir(), 'kenal-bench-'));
const redis = await startRedis({ own: true, fsync: 'everysec' });
try {
  for (const [adapter, where] of [
    ['SQLite', { dataDir }],
    ['BullMQ', { redisUrl: redis.url }],
  ] as const) {
    const queue = await openJobQueue(where);
    for (const [n, kind] of Object.keys(KINDS).entries()) {
      await quiet();
      await measure(queue, adapter, kind, `bench-${n}`);
    }
    await queue.close();
  }
} finally {
  await redis.stop();
  await rm(dataDir, { recursive: true });
}
