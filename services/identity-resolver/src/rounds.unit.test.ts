import { setTimeout as sleep } from 'node:timers/promises';
import type { LogBatch } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { createRounds } from './rounds.ts';

// Long, since the machine may be busy
const PACE_MS = 1_000;
const batch = (partition: number): LogBatch => ({ topic: 't', partition, records: [], highWatermark: 0 });

test('partitions that deliver one after the other in one turn of the loop are one round', async () => {
  const sizes: number[] = [];
  const rounds = createRounds(async (batches) => void sizes.push(batches.length));
  const delivered = (partition: number): Promise<void> =>
    new Promise((resolve, reject) => setImmediate(() => rounds.take(batch(partition)).then(resolve, reject)));
  await Promise.all([0, 1, 2, 3].map(delivered));
  expect(sizes).toEqual([4]);
});

test('a first batch is processed at once; those that come while a short round rests are one round after it', async () => {
  const began: { readonly at: number; readonly size: number }[] = [];
  const rounds = createRounds(
    async (batches) => void began.push({ at: performance.now(), size: batches.length }),
    PACE_MS,
  );
  const start = performance.now();
  const first = rounds.take(batch(0));
  await expect.poll(() => began.length, { interval: 1 }).toBe(1);
  await Promise.all([first, rounds.take(batch(1)), sleep(2).then(() => rounds.take(batch(2)))]);
  expect(began.map(({ size }) => size)).toEqual([1, 2]);
  expect(began[0]!.at - start).toBeLessThan(PACE_MS / 2);
  expect(began[1]!.at - began[0]!.at).toBeGreaterThanOrEqual(PACE_MS - 1);
});

test('a round that fails is told at once, and the next one is not held back by it', async () => {
  let fail = true;
  const rounds = createRounds(async () => {
    if (fail) throw new Error('no state');
  });
  await expect(rounds.take(batch(0))).rejects.toThrow('no state');
  fail = false;
  await rounds.take(batch(0));
});
