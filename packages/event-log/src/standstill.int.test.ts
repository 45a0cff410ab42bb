import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogBatch, Subscription } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { openEmbeddedLog } from './embedded/index.ts';
import { createStandstill } from './standstill.ts';

test('a group that has something to read and does not move is told with its lag, one that catches up is not', async () => {
  const log = await openEmbeddedLog({ logDir: await mkdtemp(join(tmpdir(), 'kenal-log-')) });
  await log.ensureTopics([{ name: 't', partitions: 2, retentionMs: 0 }]);
  const standstill = createStandstill(log, 'g', ['t'], 500);
  const fault = async () => {
    await standstill.look();
    return standstill.fault();
  };
  await sleep(510);
  expect(await fault()).toBeNull(); // nothing to do is no standstill
  await log.append('t', [
    { key: 'a', value: Buffer.from('1') },
    { key: 'b', value: Buffer.from('2') },
  ]);
  expect(await fault()).toBeNull();
  await sleep(510);
  expect(await fault()).toMatch(/^stands still for \d+ s while 2 records wait$/);
  const subscribed = Promise.withResolvers<Subscription>();
  const onBatch = async ({ topic, partition, records }: LogBatch) =>
    (await subscribed.promise).commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
  subscribed.resolve(await log.subscribe({ group: 'g', topics: ['t'], maxBatchRecords: 10, onBatch }));
  await expect.poll(fault, { timeout: 10_000 }).toBeNull();
  await log.close();
});
