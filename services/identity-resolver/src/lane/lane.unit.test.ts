import type { StoredRecord } from '@kenal/contracts';
import type { Places } from '@kenal/identity';
import { createLogger, createMetrics } from '@kenal/service-kit';
import { expect, test, vi } from 'vitest';
import type { Left } from '../deciding/settle.ts';
import { OutOfPlace, StaleRules } from '../positions.ts';
import { createResolverMetrics } from '../resolver-metrics.ts';
import type { Decoded } from '../work.ts';
import { createHeld } from './held.ts';
import { createLane, type LaneDeps } from './lane.ts';

const on = (component: string): Places => ({ components: new Set([component]), keys: new Set() });
const itemsOf = (partition: number, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ record: { partition, offset: from + i } as StoredRecord }) as Decoded);
const leftOn = (component: string, items: readonly Decoded[]): Left<Decoded> => ({ items, places: on(component) });
const offsetsOf = (items: readonly Decoded[]) => items.map(({ record }) => record.offset);

function laneOf(settleAside: LaneDeps['settleAside'], held = createHeld()) {
  const logger = createLogger({ name: 'lane-test', level: 'silent' });
  return createLane({ held, settleAside, logger, metrics: createResolverMetrics(createMetrics()), mostFields: 10 });
}

test('a round leaves what is large, and what the lane is at', async () => {
  const gate = Promise.withResolvers<void>();
  const lane = laneOf(() => gate.promise);
  expect(lane.leaves('shop', on('a'), 10)).toBe(false);
  expect(lane.leaves('shop', on('a'), 11)).toBe(true);
  lane.take('shop', leftOn('a', itemsOf(0, 0, 1)));
  expect(lane.leaves('shop', on('a'), 1)).toBe(true);
  expect(lane.leaves('shop', on('b'), 1)).toBe(false);
  gate.resolve();
  await lane.stop();
});

test('where it is full whoever brings more waits, and goes on when there is room, or is told to come again at the end', async () => {
  const held = createHeld();
  const gate = Promise.withResolvers<void>();
  const lane = laneOf(async (items) => {
    await gate.promise;
    held.release(items.map(({ record }) => record));
  }, held);
  lane.take('shop', leftOn('a', itemsOf(0, 0, 1_999)));
  await lane.room();
  lane.take('shop', leftOn('b', itemsOf(1, 0, 1)));
  const waiting = vi.fn();
  const room = lane.room().then(waiting);
  await new Promise(setImmediate);
  expect(waiting).not.toHaveBeenCalled();
  gate.resolve();
  await room;

  const stuck = createHeld();
  const full = laneOf(
    async (_, { signal }) => void (await new Promise((resolve) => signal?.addEventListener('abort', resolve))),
    stuck,
  );
  full.take('shop', leftOn('a', itemsOf(0, 0, 2_000)));
  const refused = expect(full.room()).rejects.toThrow(OutOfPlace);
  await Promise.all([full.stop(), lane.stop()]);
  await refused;
});

test('records that a failed round brings again are in it once; those of partitions that went away are not worked on', async () => {
  const held = createHeld();
  const worked: number[][] = [];
  const gate = Promise.withResolvers<void>();
  const lane = laneOf(async (items) => {
    worked.push(offsetsOf(items));
    await gate.promise;
    held.release(items.map(({ record }) => record));
  }, held);
  lane.take('shop', leftOn('a', itemsOf(0, 5, 2)));
  await expect.poll(() => worked.length).toBe(1);
  lane.take('shop', leftOn('a', itemsOf(0, 5, 2)));
  lane.take('shop', leftOn('b', [...itemsOf(1, 7, 1), ...itemsOf(0, 9, 1)]));
  lane.forget([{ topic: 't', partition: 1 }]);
  expect([held.first(0), held.first(1)]).toEqual([5, Number.POSITIVE_INFINITY]);
  gate.resolve();
  await expect.poll(() => held.size).toBe(0);
  await lane.stop();
  expect(worked).toEqual([[5, 6], [9]]);
});

test('what fails is told and done again; where directives were read meanwhile it is done again at once, and is no fault', async () => {
  const held = createHeld();
  const faults = [new StaleRules('directives'), new Error('no state'), null];
  const told: (string | null)[] = [];
  const lane = laneOf(async (items) => {
    told.push(lane.fault);
    const fault = faults.shift();
    if (fault) throw fault;
    held.release(items.map(({ record }) => record));
  }, held);
  lane.take('shop', leftOn('a', itemsOf(0, 0, 1)));
  await expect.poll(() => held.size, { timeout: 5_000 }).toBe(0);
  await expect.poll(() => lane.fault).toBeNull();
  expect(told).toEqual([null, null, 'no state']);
  await lane.stop();
});
