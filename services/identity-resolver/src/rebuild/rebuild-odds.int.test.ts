import type { Change, EventLog, IdentityState, KenalConfig } from '@kenal/contracts';
import { decodeComponent, profileOf, rulesOf } from '@kenal/identity';
import { createLogger } from '@kenal/service-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startProcess } from '../../../../test/support/process.ts';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { type Backend, openAdapters, startEmbedded } from '../testing/backends.ts';
import { drained, feed } from '../testing/ledger.ts';
import { type LoadedWarehouse, startWarehouse } from '../testing/loaded-warehouse.ts';
import { CONFIG, generate, interactionOf } from '../testing/people.ts';
import { startResolver } from '../testing/resolver.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { rebuildState } from './rebuild.ts';
import { execute } from './statements.ts';

const SHOP = 'shop';
const { identity, traits } = CONFIG.workspaces[0]!;
const RULES = rulesOf(identity, SHOP, { traits });
const logger = createLogger({ name: 'rebuild-test', level: process.env.KENAL_LOG || 'silent' });
const CHILD = new URL('../testing/rebuild-child.ts', import.meta.url).pathname;

let backend: Backend;
let log: EventLog;
let state: IdentityState;
let store: LoadedWarehouse;
beforeEach(async () => {
  backend = await startEmbedded();
  ({ log, state } = await openAdapters(backend.environment));
  store = await startWarehouse(log, CONFIG);
});
afterEach(async () => {
  await store.stop();
  await state.close();
  await log.close();
  await backend.stop();
});

const rebuild = (config: KenalConfig = CONFIG, patienceMs = 60_000, wanted?: readonly string[]) =>
  rebuildState({ log, state, warehouse: store.warehouse, config, logger, patienceMs }, wanted);
const snapshot = () => snapshotOf(state, SHOP, RULES);

/** Resolve and store events, and stop. */
async function resolve(events: Parameters<typeof feed>[1]): Promise<void> {
  const resolver = await startResolver(backend.environment);
  await feed(log, events);
  await drained(log);
  await resolver.stop();
  await store.loaded();
}

test('cut off by kill −9 in any of its phases it is begun anew, and nothing is told twice or lost', {
  timeout: 120_000,
}, async () => {
  await resolve(generate(41, 700));
  const before = await snapshot();
  await backend.flush();
  await store.close();
  for (const phase of ['deciding', 'owners', 'comparing', 'telling']) {
    const child = startProcess(`rebuild that dies while ${phase}`, [CHILD], {
      ...{ CRASH_PHASE: phase, ADAPTERS: JSON.stringify(backend.environment), WAREHOUSE: store.dataDir },
    });
    await child.seen(new RegExp(`dies while ${phase}`));
    expect(await child.ended, child.output()).toBe(null); // by a signal
  }
  store = await startWarehouse(log, CONFIG, store.dataDir);
  expect((await rebuild()).map(({ told }) => told)).toEqual([0, 0]);
  expect(await snapshot()).toEqual(before);
  const [left] = await store.warehouse.query<{ n: number }>(
    `SELECT (SELECT count() FROM kenal.rebuild_evidence) + (SELECT count() FROM kenal.rebuild_profiles)
       + (SELECT count() FROM kenal.rebuild_owners) AS n`,
  );
  expect(left?.n).toBe(0);
});

test('it refuses beside a resolver, over a state that is there, and before the warehouse has what was published', async () => {
  await feed(log, generate(43, 50));
  const resolver = await startResolver(backend.environment);
  await drained(log);
  await expect(rebuild(CONFIG, 300)).rejects.toMatchObject({
    code: 'still_running',
    message: expect.stringContaining('stop all of them'),
  });
  await drained(log);
  await resolver.stop();
  await expect(rebuild()).rejects.toMatchObject({
    code: 'state_not_empty',
    message: expect.stringMatching(/that of shop, idle is there.*state\/identity\.db.*kenal:\{<workspace>\}:\*/),
  });
  await expect(rebuild(CONFIG, 300, ['unknown'])).rejects.toMatchObject({ code: 'bad_config' });
  await store.loaded();
  await store.close();
  await feed(log, generate(44, 50));
  await (await startResolver(backend.environment)).stop();
  const again = await startResolver(backend.environment);
  await drained(log);
  await again.stop();
  await backend.flush();
  store = await startWarehouse(log, CONFIG, store.dataDir);
  await store.loaded();
  expect((await rebuild()).map(({ workspace }) => workspace)).toEqual(['shop', 'idle']);
});

test('what is not as it was published is told once, with a version above the last; who is in no evidence any more is told to be gone', async () => {
  const lonely = interactionOf('lonely', 'web', [{ type: 'user_id', value: 'lonely' }], 1, '{"city":"Kiel"}');
  await resolve([...generate(47, 500), lonely]);
  const before = await readTopic<Change>(log, 'changes');
  await backend.flush();
  await execute(
    store.warehouse,
    'ALTER TABLE kenal.interaction_rows DELETE WHERE owner = {owner:String} SETTINGS mutations_sync = 2',
    {
      owner: 'user_id:lonely',
    },
  );
  // Other rules than those by which everybody was published
  const [shop, ...rest] = CONFIG.workspaces;
  const config = {
    workspaces: [{ ...shop!, identity: { ...identity, limits: { email: 1, anonymous_id: 2 } } }, ...rest],
  };
  const [rebuilt] = await rebuild(config);
  expect(rebuilt!.told).toBeGreaterThan(10);
  const resolver = await startResolver(backend.environment, undefined, undefined, config);
  const known = new Set(before.map(({ id }) => id));
  const changes = async () => (await readTopic<Change>(log, 'changes')).filter(({ id }) => !known.has(id));
  await expect.poll(async () => (await changes()).length, { timeout: 20_000 }).toBe(rebuilt!.told);
  await resolver.stop();
  const told = await changes();
  expect(new Set(told.map(({ profileId }) => profileId)).size).toBe(told.length);
  const last = new Map<string, Change>();
  for (const change of before)
    if (change.version > (last.get(change.profileId)?.version ?? 0)) last.set(change.profileId, change);
  for (const change of told) {
    const { version = 0 } = last.get(change.profileId) ?? {};
    expect(change.version).toBeGreaterThan(version);
    expect(change.previousVersion).toBe(version);
    expect(change.cause.rule).toBe('rebuild');
    last.set(change.profileId, change);
  }
  expect(last.get(RULES.profileIdOf('user_id:lonely'))).toMatchObject({ type: 'erased', released: ['user_id:lonely'] });
  expect(
    [...last.values()]
      .filter(({ after }) => after !== null)
      .map(shownOf)
      .sort(),
  ).toEqual(await peopleBy(config));
});

test('an event that came with two contents says only what the warehouse kept of it, and nothing else differs', async () => {
  const user = (n: number) => ({ type: 'user_id', value: `twin${n}` });
  const one = interactionOf('twice', 'web', [user(1), { type: 'email', value: 'one@x.example' }], 1_000, '{"a":1}');
  const other = interactionOf('twice', 'web', [user(1), { type: 'email', value: 'other@x.example' }], 1_000, '{"a":2}');
  await resolve([...generate(53, 200), one, other, interactionOf('later', 'web', [user(1)], 2_000, '{"b":1}')]);
  const before = await snapshot();
  await backend.flush();
  await rebuild();
  const after = await snapshot();
  const lost = differing(before.components.flat(), after.components.flat());
  expect(lost.some((field) => field.startsWith('l|email:'))).toBe(true);
  for (const field of lost) expect(field).toMatch(/user_id:twin1[| ]|(one|other)@x\.example|^p\|/);
  expect(after.shelves).toEqual(before.shelves);
});

const differing = (one: readonly string[], other: readonly string[]): string[] => {
  const [a, b] = [new Set(one), new Set(other)];
  return [...one.filter((field) => !b.has(field)), ...other.filter((field) => !a.has(field))];
};

const shownOf = ({ profileId, version, after }: Change): string =>
  [profileId, version, after!.traits, after!.identifierCount].join(' ');

/** Everybody whom the state has, as a change shows them. */
async function peopleBy(config: KenalConfig): Promise<string[]> {
  const rules = rulesOf(config.workspaces[0]!.identity, SHOP, { traits });
  const found = new Set<string>();
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(SHOP, cursor);
    for (const { fields } of page.components) {
      const component = decodeComponent(fields, rules);
      for (const key of component.assigned.keys()) {
        const { id, version, traits: held, identifiers } = profileOf(component, rules, key)!;
        const sorted = Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)));
        found.add([id, version, JSON.stringify(sorted), identifiers.length].join(' '));
      }
    }
    cursor = page.cursor;
    if (cursor === null) return [...found].sort();
  }
}
