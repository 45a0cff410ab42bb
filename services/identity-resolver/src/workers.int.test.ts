import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GROUPS, type Interaction, TOPICS } from '@kenal/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProcess, type TestProcess } from '../../../test/support/process.ts';
import { type RedisServer, startRedis } from '../../../test/support/redis.ts';
import { type AdapterEnvironment, openAdapters } from './testing/backends.ts';
import { drained, expectLedger, feed } from './testing/ledger.ts';
import { generate } from './testing/people.ts';

const WORKERS = 8;
const EVENTS = 600;
const SEEDS = Number(process.env.KENAL_WORKER_SEEDS ?? 1);
const CHILD = new URL('testing/crash-child.ts', import.meta.url).pathname;
/** Between the write of the state and the commit of the offsets, and after the state said that it has them. */
const DEADLY = ['committed', 'advanced', 'published'];

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ own: true });
});
afterAll(() => redis?.stop());

/** Three in ten again, somewhere behind. */
function withDuplicates(events: readonly Interaction[], seed: number): Interaction[] {
  const again = events.filter((_, i) => (i * 7 + seed) % 10 < 3);
  return [...events, ...again.toSorted((a, b) => ((a.receipt.sequence * 31) % 97) - ((b.receipt.sequence * 31) % 97))];
}

/** A worker that is killed −9 once, comes again, and stays. */
async function workerOf(environment: AdapterEnvironment, seed: number, number: number): Promise<TestProcess> {
  const run = (step: string) =>
    startProcess(`worker ${number}`, [CHILD], {
      CRASH_STEP: step,
      CRASH_AFTER: String(1 + ((seed + number) % 2)),
      ADAPTERS: JSON.stringify(environment),
      // So few that half of them leave much to the lane
      ...(number % 2 === 0 ? {} : { MOST_FIELDS: '12' }),
    });
  const mortal = run(DEADLY[(seed + number) % DEADLY.length]!);
  expect(await mortal.ended, mortal.output()).toBe(null); // by a signal
  return run('never');
}

test.each(Array.from({ length: SEEDS }, (_, i) => i + 101))(
  'eight workers on one Redis, each killed −9 once, with three in ten doubled and a day late, end where the pure function is (seed %i)',
  { timeout: 240_000 },
  async (seed) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'kenal-workers-'));
    await redis.flush();
    const environment = { KENAL_DATA: dataDir, KAFKA_BROKERS: '', REDIS_URL: redis.url };
    const { log, state } = await openAdapters(environment);
    const sent = withDuplicates(generate(seed, EVENTS), seed);
    await feed(log, sent.slice(0, 400));
    const workers = Array.from({ length: WORKERS }, (_, number) => workerOf(environment, seed, number));
    // What is read by the living while others die: fed until each has died once
    let fed = 400;
    let alive = 0;
    for (const worker of workers) void worker.then(() => (alive += 1));
    while (alive < WORKERS) {
      await feed(log, sent.slice(fed, fed + 20));
      fed = Math.min(sent.length, fed + 20);
      // Old news is news to nobody, but every partition has something to die of
      await feed(log, sent.slice(0, 40));
      await drainedABit(log);
    }
    await feed(log, sent.slice(fed));
    const living = await Promise.all(workers);
    await drained(log, 120);
    await Promise.all(living.map((worker) => worker.stop()));
    await expectLedger(log, state, sent);
    await state.close();
    await log.close();
    await rm(dataDir, { recursive: true, force: true });
  },
);

/** Waits until somebody has read something more. */
async function drainedABit(log: Awaited<ReturnType<typeof openAdapters>>['log']): Promise<void> {
  const total = async () =>
    (await log.committed(GROUPS.resolver, [TOPICS.interactions.name])).reduce((sum, { offset }) => sum + offset, 0);
  const before = await total();
  await expect.poll(total, { timeout: 60_000, interval: 50 }).toBeGreaterThan(before);
}
