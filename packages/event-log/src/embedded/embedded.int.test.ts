import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { EventLog } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { startChild } from '../testing/child.ts';
import { gather, textOf } from '../testing/gathering.ts';
import { openGroupStore } from './group-store.ts';
import { openEmbeddedLog } from './index.ts';

const newDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'kenal-log-'));
const where = (logDir: string) => ({ kind: 'embedded', logDir, leaseMs: 1_500, retentionCheckMs: 60_000 }) as const;
const records = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => ({ key: `${i % 7}`, value: Buffer.from(`${prefix} ${i}`) }));

test('threads and processes append to one topic at once, and no offset is given twice', async () => {
  const logDir = await newDir();
  const log = await openEmbeddedLog({ logDir });
  const other = await openEmbeddedLog({ logDir });
  await log.ensureTopics([{ name: 't', partitions: 3, retentionMs: 0 }]);
  const member = await gather(log, { group: 'g', topic: 't', maxBatchRecords: 1_000 });
  const child = startChild('append', JSON.stringify(where(logDir)), 't');
  const positions = (
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? log : other).append('t', records(20, `${i}`))),
    )
  ).flat();
  await child.printed(200);
  await child.kill();
  expect(new Set(positions.map(({ partition, offset }) => `${partition}/${offset}`)).size).toBe(800);
  const total = (await log.ranges('t')).reduce((sum, { latest }) => sum + latest, 0);
  await member.until(() => member.values().length >= total, 'the records of all three');
  expect(new Set(member.values()).size).toBe(total);
  expect(member.values()).toEqual(expect.arrayContaining(child.lines));
  await Promise.all([log.close(), other.close()]);
});

test('a worker thread opens the same log, and its consumer hears what the main thread appends', async () => {
  const logDir = await newDir();
  const log = await openEmbeddedLog({ logDir });
  await log.ensureTopics([{ name: 't', partitions: 2, retentionMs: 0 }]);
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(async ({ openEmbeddedLog }) => {
      const log = await openEmbeddedLog({ logDir: workerData.logDir });
      await log.subscribe({ group: 'g', topics: ['t'], maxBatchRecords: 10,
        onBatch: async (batch) => parentPort.postMessage(batch.records.length) });
      parentPort.postMessage('ready');
      parentPort.once('message', async () => { await log.close(); parentPort.close(); });
    });`;
  const workerData = { module: new URL('./index.ts', import.meta.url).href, logDir };
  const worker = new Worker(code, { eval: true, execArgv: [], workerData });
  const heard: unknown[] = [];
  const next = async (): Promise<unknown> => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    worker.once('message', resolve);
    const message = await promise;
    heard.push(message);
    return message;
  };
  await next();
  const answer = next();
  await log.append('t', records(1, 'x'));
  await answer;
  expect(heard).toEqual(['ready', 1]);
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage('close');
  await ended;
  await log.close();
});

test('what is older than the topic keeps is dropped in whole batches, and its place on disk given back', async () => {
  const logDir = await newDir();
  const log = await openEmbeddedLog({ logDir, retentionCheckMs: 50 });
  await log.ensureTopics([
    { name: 'short', partitions: 1, retentionMs: 400 },
    { name: 'ever', partitions: 1, retentionMs: 0 },
  ]);
  const value = Buffer.alloc(100_000, 1);
  for (let i = 0; i < 20; i++) {
    await log.append('short', [{ key: null, value }]);
    await log.append('ever', [{ key: null, value }]);
  }
  const deadline = Date.now() + 10_000;
  const earliest = async (): Promise<number> => (await log.ranges('short'))[0]!.earliest;
  while ((await earliest()) < 20 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await log.ranges('short')).toEqual([{ topic: 'short', partition: 0, earliest: 20, latest: 20 }]);
  expect((await log.ranges('ever'))[0]).toMatchObject({ earliest: 0, latest: 20 });
  const [position] = await log.append('short', [{ key: null, value: Buffer.from('next') }]);
  expect(position!.offset).toBe(20);
  const [replayed] = await log.read({ topic: 'short', partition: 0, offset: 3 }, { records: 5 });
  expect(textOf(replayed!.value)).toBe('next');
  await log.close();
  expect((await stat(join(logDir, 'short.sqlite'))).size).toBeLessThan(1_000_000);
  expect((await stat(join(logDir, 'ever.sqlite'))).size).toBeGreaterThan(2_000_000);
});

test('a topic that exists takes over a new retention, also where another log has it open, and keeps its partitions', async () => {
  const logDir = await newDir();
  const log = await openEmbeddedLog({ logDir, retentionCheckMs: 50 });
  await log.ensureTopics([{ name: 't', partitions: 1, retentionMs: 0 }]);
  await log.append('t', records(5, 'old'));
  const other = await openEmbeddedLog({ logDir });
  await other.ensureTopics([{ name: 't', partitions: 3, retentionMs: 1 }]);
  const gone = [{ topic: 't', partition: 0, earliest: 5, latest: 5 }];
  await expect.poll(() => log.ranges('t'), { timeout: 10_000 }).toEqual(gone);
  await other.close();
  await log.close();
});

test('a file of version 0.1.0, with all partitions in one table, is brought to the form of today with all its records', async () => {
  const logDir = await newDir();
  const log = await openEmbeddedLog({ logDir });
  await log.ensureTopics([{ name: 't', partitions: 3, retentionMs: 0 }]);
  for (let i = 0; i < 4; i++) await log.append('t', records(20, `${i}`));
  const contents = async (from: EventLog) => {
    const ranges = await from.ranges('t');
    return Promise.all(ranges.map((range) => from.read({ ...range, offset: range.earliest }, { records: 1_000 })));
  };
  const before = await contents(log);
  await log.close();
  const db = new DatabaseSync(join(logDir, 't.sqlite'));
  db.exec('CREATE TABLE batches (position INTEGER PRIMARY KEY, count INTEGER, timestamp INTEGER, data BLOB)');
  for (const partition of [0, 1, 2]) {
    db.exec(
      `INSERT INTO batches SELECT base + ${partition * 2 ** 43}, count, timestamp, data FROM batches_${partition}`,
    );
    db.exec(`DROP TABLE batches_${partition}`);
  }
  db.close();
  const upgraded = await openEmbeddedLog({ logDir });
  await upgraded.ensureTopics([{ name: 't', partitions: 3, retentionMs: 0 }]);
  expect(await contents(upgraded)).toEqual(before);
  const [first] = await upgraded.append('t', records(1, 'new'));
  expect(first?.offset).toBe(before[first!.partition]!.length);
  await upgraded.close();
});

test('a member whose lease ran out loses its partitions, and its commit changes nothing', async () => {
  const groups = openGroupStore(await newDir(), 1_000);
  const [one, other] = [
    { group: 'g', member: 'one' },
    { group: 'g', member: 'other' },
  ];
  const partitionsOf = (): number => 2;
  expect(groups.beat(one, ['t'], 0, partitionsOf).owned).toHaveLength(2);
  groups.commit([{ ...one, positions: [{ topic: 't', partition: 0, offset: 5 }] }]);
  expect(groups.beat(other, ['t'], 900, partitionsOf).owned).toHaveLength(0);
  expect(groups.beat(other, ['t'], 1_500, partitionsOf).owned).toHaveLength(2);
  groups.commit([{ ...one, positions: [{ topic: 't', partition: 0, offset: 9 }] }]);
  expect(groups.committed('g', ['t'])).toEqual([{ topic: 't', partition: 0, offset: 5 }]);
  groups.commit([{ ...other, positions: [{ topic: 't', partition: 0, offset: 7 }] }]);
  expect(groups.committed('g', ['t'])).toEqual([{ topic: 't', partition: 0, offset: 7 }]);
  const back = groups.beat(one, ['t'], 1_600, partitionsOf);
  expect(back.owned).toHaveLength(0);
  expect(groups.beat(other, ['t'], 1_700, partitionsOf).toRelease).toHaveLength(1);
  groups.close();
});

test('the partitions of a member that died before the clock was set back are free at once, whoever lives keeps its own', async () => {
  const groups = openGroupStore(await newDir(), 1_000);
  const [dead, alive] = [
    { group: 'g', member: 'dead' },
    { group: 'g', member: 'alive' },
  ];
  const hour = 3_600_000;
  expect(groups.beat(dead, ['t'], 2 * hour, () => 2).owned).toHaveLength(2);
  expect(groups.beat(alive, ['t'], hour, () => 2).owned).toHaveLength(2);
  // A correction by a moment costs nobody anything
  const other = { group: 'g', member: 'other' };
  expect(groups.beat(other, ['t'], hour - 500, () => 2).owned).toHaveLength(0);
  groups.close();
});

test('what another connection does to the file is refused as log_unavailable, and the next append goes on', async () => {
  const logDir = await newDir();
  const log = await openEmbeddedLog({ logDir });
  await log.ensureTopics([{ name: 't', partitions: 1, retentionMs: 0 }]);
  await log.append('t', records(1, 'before'));
  const saboteur = new DatabaseSync(join(logDir, 't.sqlite'));
  saboteur.exec('ALTER TABLE batches_0 RENAME TO hidden');
  await expect(log.append('t', records(1, 'lost'))).rejects.toMatchObject({ code: 'log_unavailable', retryable: true });
  saboteur.exec('ALTER TABLE hidden RENAME TO batches_0');
  saboteur.close();
  const [position] = await log.append('t', records(1, 'after'));
  expect(position!.offset).toBe(1);
  await log.close();
  await expect(log.append('t', records(1, 'closed'))).rejects.toMatchObject({ code: 'log_unavailable' });
});
