import { type Change, type EventLog, GROUPS, type IdentityState, type KenalConfig, TOPICS } from '@kenal/contracts';
import { rulesOf } from '@kenal/identity';
import { createHealth, createLogger, createMetrics, type Service, systemClock } from '@kenal/service-kit';
import { openWarehouse } from '@kenal/warehouse';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { type Backend, openAdapters, startEmbedded } from '../testing/backends.ts';
import { drained, feed } from '../testing/ledger.ts';
import { type LoadedWarehouse, startWarehouse } from '../testing/loaded-warehouse.ts';
import { CONFIG, generate } from '../testing/people.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { createGuardedResolver } from './guarded-resolver.ts';
import { findLosses } from './loss.ts';
import { rebuildState } from './rebuild.ts';

const SHOP = 'shop';
const { identity, traits } = CONFIG.workspaces[0]!;
const RULES = rulesOf(identity, SHOP, { traits });
const PARTITIONS = [0, 1, 2, 3, 4, 5, 6, 7];
const logger = createLogger({ name: 'guarded-test', level: process.env.KENAL_LOG || 'silent' });

let backend: Backend;
let log: EventLog;
let state: IdentityState;
let store: LoadedWarehouse;
let running: Service | null = null;
beforeEach(async () => {
  backend = await startEmbedded();
  ({ log, state } = await openAdapters(backend.environment));
  store = await startWarehouse(log, CONFIG);
});
afterEach(async () => {
  await running?.stop();
  running = null;
  await store.stop();
  await state.close();
  await log.close();
  await backend.stop();
});

async function start(rebuilds: boolean, config: KenalConfig = CONFIG) {
  const health = createHealth();
  const common = { log, state, config, clock: systemClock, metrics: createMetrics(), health, logger };
  running = createGuardedResolver({ ...common, warehouse: store.warehouse, rebuilds });
  await running.start();
  return async () =>
    (await health.report()).lines
      .filter(({ ok }) => !ok)
      .map(({ detail }) => detail)
      .join();
}
async function stop(): Promise<void> {
  await running?.stop();
  running = null;
}
const snapshot = () => snapshotOf(state, SHOP, RULES);
const offsets = async () => (await state.processed([SHOP], PARTITIONS)).map(({ offset }) => offset);
const changes = async () => (await readTopic<Change>(log, 'changes')).length;

test('a state that is lost beyond the log is left alone and told of, and once it was made anew the resolver goes on by itself', async () => {
  const all = generate(61, 400);
  await start(false);
  await feed(log, all.slice(0, 300));
  await drained(log);
  await stop();
  await store.loaded();
  const before = await snapshot();
  await backend.flush();
  await backend.dropOld();
  const report = await start(false);
  await expect.poll(report).toMatch(/lost and the log does not reach back.*\(shop\); kenal identity rebuild makes it/);
  await feed(log, all.slice(300));
  const committed = await log.committed(GROUPS.resolver, [TOPICS.interactions.name]);
  expect(await offsets()).toEqual(PARTITIONS.map(() => -1));

  await rebuildState({ log, state, warehouse: store.warehouse, config: CONFIG, logger });
  await drained(log);
  await expect.poll(report).toBe('');
  expect(await log.committed(GROUPS.resolver, [TOPICS.interactions.name])).not.toEqual(committed);
  const after = await snapshot();
  expect(after.issued).toEqual(expect.arrayContaining([...before.issued]));
});

test('embedded, it makes anew what is lost while it runs; the same people, nothing told', async () => {
  const report = await start(true);
  await feed(log, generate(67, 400));
  await drained(log);
  await store.loaded();
  const [before, told] = [await snapshot(), await changes()];
  await backend.dropOld();
  await backend.flush();
  const ends = (await log.ranges(TOPICS.interactions.name)).map(({ latest }) => latest);
  await expect.poll(offsets, { timeout: 30_000 }).toEqual(ends);
  await expect.poll(report, { timeout: 20_000 }).toBe('');
  expect(await snapshot()).toEqual(before);
  expect(await changes()).toBe(told);
});

test('what the log still has it reads from the log, and a workspace that is new holds nobody back', async () => {
  const [shop, idle] = CONFIG.workspaces;
  await start(false, { workspaces: [shop!] });
  await feed(log, generate(71, 200));
  await drained(log);
  await stop();
  await store.loaded();
  const before = await snapshot();
  await backend.flush();
  let report = await start(false, { workspaces: [shop!] });
  const ends = (await log.ranges(TOPICS.interactions.name)).map(({ latest }) => latest);
  await expect.poll(offsets, { timeout: 20_000 }).toEqual(ends);
  expect(await report()).toBe('');
  const after = await snapshot();
  expect([after.components, after.shelves]).toEqual([before.components, before.shelves]);
  await stop();
  await backend.dropOld();
  report = await start(false, { workspaces: [shop!, idle!] });
  await feed(log, generate(72, 50));
  await drained(log);
  expect(await report()).toBe('');
});

test('a state that is older than the log reaches back only an operator may throw away', async () => {
  await start(true);
  await feed(log, generate(73, 100));
  await drained(log);
  await stop();
  const old = await backend.save();
  await start(true);
  await feed(log, generate(74, 300));
  await drained(log);
  await stop();
  await store.loaded();
  await old.restore();
  await backend.dropOld();
  const report = await start(true);
  await expect.poll(report).toMatch(/older than the log reaches back.*empty it, then kenal identity rebuild/);
  await backend.flush();
  await expect.poll(report, { timeout: 30_000 }).toBe('');
  await drained(log);
});

test('beside a warehouse that is just being set up nothing is lost: who starts first waits for nobody', async () => {
  await feed(log, generate(67, 20));
  await store.close();
  const bare = await openWarehouse({ dataDir: `${store.dataDir}-bare` });
  expect(await findLosses({ log, state, warehouse: bare }, [SHOP])).toEqual([]);
  await bare.query('SELECT 1'); // and it is a warehouse that answers
  await bare.close();
  store = await startWarehouse(log, CONFIG, store.dataDir);
});
