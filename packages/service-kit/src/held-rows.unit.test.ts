import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createHeldRows, type HeldRowsOptions, type HeldState } from './held-rows.ts';

const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

function bench(options: Partial<HeldRowsOptions> = {}) {
  const written: number[][] = [];
  const faults: HeldState[] = [];
  const dropped: number[] = [];
  const state = { away: false, slowMs: 0, inHand: 0, most: 0 };
  const rows = createHeldRows<number>(
    async (some) => {
      state.inHand += 1;
      state.most = Math.max(state.most, state.inHand);
      await sleep(state.slowMs);
      state.inHand -= 1;
      if (state.away) throw new Error('away');
      written.push([...some]);
    },
    {
      ...{ lingerMs: 1, againMs: 1, mostAtOnce: 1_000, ...options },
      onFault: (_error, told) => faults.push(told),
      onDropped: (rows) => dropped.push(rows),
    },
  );
  return { rows, written, faults, dropped, state };
}

test('rows that come one by one are written some time later, many at once', async () => {
  const { rows, written } = bench({ lingerMs: 20 });
  for (const n of count(0, 5)) rows.add([n]);
  expect(rows.size).toBe(5);
  await expect.poll(() => written, { interval: 2 }).toEqual([count(0, 5)]);
  expect(rows.size).toBe(0);
});

test('while writes are slow, and every other one fails, each row is written once, in order, by one write at a time', async () => {
  const { rows, written, state } = bench({ mostAtOnce: 7 });
  state.slowMs = 5;
  for (let n = 0; n < 60; n += 1) {
    rows.add([n]);
    state.away = n % 20 > 10;
    await sleep(1);
  }
  state.away = false;
  await rows.stop();
  expect(written.flat()).toEqual(count(0, 60));
  expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(7);
  expect([state.most, rows.size, rows.fault]).toEqual([1, 0, null]);
});

test('a flush waits for the write on its way and for what was added meanwhile, and says why it could not', async () => {
  const { rows, written, state } = bench({ lingerMs: 60_000 });
  state.slowMs = 10;
  rows.add([0]);
  const first = rows.flush();
  rows.add([1]);
  await rows.flush();
  expect(written).toEqual([[0], [1]]);
  await first;
  state.away = true;
  rows.add([2]);
  await expect(Promise.all([rows.flush(), rows.flush()])).rejects.toThrow('away');
  expect([rows.size, rows.fault]).toEqual([1, 'away']);
});

test('what cannot be written is tried again by itself; of more than may be held the oldest are dropped, and that is told', async () => {
  const { rows, written, faults, dropped, state } = bench({ mostHeld: 3 });
  state.away = true;
  rows.add(count(0, 5));
  expect(rows.size).toBe(3);
  const told = () => faults.slice(0, 2);
  await expect.poll(told, { interval: 2 }).toEqual([false, true].map((again) => ({ held: 3, again })));
  await rows.stop(); // nothing is on its way
  rows.add([5]);
  state.away = false;
  await expect.poll(() => written, { interval: 2 }).toEqual([[3, 4, 5]]);
  expect(dropped).toEqual([2, 1]);
});

test('at a stop a write on its way is waited for, the rest is written, and a fault is no reason to go on for ever', async () => {
  const { rows, written, faults, state } = bench();
  state.slowMs = 10;
  rows.add([0]);
  await expect.poll(() => state.inHand, { interval: 1 }).toBe(1);
  rows.add([1]);
  await rows.stop();
  expect(written.flat()).toEqual([0, 1]);
  state.away = true;
  rows.add([2]);
  await rows.stop();
  const { length } = faults;
  expect([length, rows.size]).toEqual([1, 1]);
  state.away = false;
  rows.add([3]);
  await rows.stop();
  expect(written.flat()).toEqual([0, 1, 2, 3]);
});
