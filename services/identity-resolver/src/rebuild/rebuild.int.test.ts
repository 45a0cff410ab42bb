import type { Change, EventLog, IdentityState, Interaction } from '@kenal/contracts';
import { rulesOf } from '@kenal/identity';
import { createLogger, erasureHash } from '@kenal/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { type Backend, openAdapters, startDistributed, startEmbedded } from '../testing/backends.ts';
import { crowd } from '../testing/crowd.ts';
import { carriedOut, decide, directiveOf, pairOf } from '../testing/decisions.ts';
import { drained, feed } from '../testing/ledger.ts';
import { startWarehouse } from '../testing/loaded-warehouse.ts';
import { CONFIG, ERASURE_KEY, interactionOf } from '../testing/people.ts';
import { startResolver } from '../testing/resolver.ts';
import { type FullSnapshot, type Snapshot, snapshotOf } from '../testing/snapshot.ts';
import { rebuildState } from './rebuild.ts';

const SHOP = 'shop';
const { identity, traits } = CONFIG.workspaces[0]!;
const RULES = rulesOf(identity, SHOP, { traits });
const logger = createLogger({ name: 'rebuild-test', level: process.env.KENAL_LOG || 'silent' });

const GONE = ['user_id:gone', 'email:gone@x.example'];
const gone = (id: string, at: number): Interaction =>
  interactionOf(
    id,
    'web',
    GONE.map((key) => ({ type: key.split(':')[0]!, value: key.split(':')[1]! })),
    at,
    '{"name":"Canary"}',
  );
const BEFORE = Date.UTC(2026, 2, 1) * 1_000;
const AFTER = Date.UTC(2026, 10, 1) * 1_000;

const EVENTS = crowd(31, 1_500);
const CUT = Math.floor(EVENTS.length * 0.8);
const FIRST = [gone('gone1', BEFORE), ...EVENTS.slice(0, CUT), gone('gone2', BEFORE + 1)];
const REST = [...EVENTS.slice(CUT), gone('gone3', BEFORE + 2), gone('gone4', AFTER)];

const DIRECTIVES = [
  directiveOf(1, 'unlink', pairOf('user_id:u1', 'anonymous_id:fresh1', 'cannot')),
  directiveOf(2, 'must', pairOf('anonymous_id:n3-1', 'anonymous_id:n7-2', 'must')),
  directiveOf(3, 'must', pairOf('user_id:u2', 'device_id:tablet0', 'must')),
  directiveOf(4, 'revoke', pairOf('user_id:u0', 'anonymous_id:shop20', 'revoke')),
  directiveOf(5, 'consent', { consent: { owner: 'user_id:u3', purpose: 'news', granted: true } }),
  directiveOf(6, 'revoke', { source: 'app' }),
  directiveOf(7, 'unlink', pairOf('anonymous_id:nobody-knows', 'email:unknown@x.example', 'cannot')),
  directiveOf(8, 'erase', {
    profileId: RULES.profileIdOf('user_id:gone'),
    erased: GONE.map((key) => erasureHash(ERASURE_KEY, key)),
  }),
];

const snapshot = (state: IdentityState): Promise<FullSnapshot> => snapshotOf(state, SHOP, RULES);
const today = ({ components, shelves }: Snapshot): Snapshot => ({ components, shelves });

/** What a state looks like that was never lost. */
async function neverLost(): Promise<{ readonly first: Snapshot; readonly all: Snapshot }> {
  const backend = await startEmbedded();
  const { log, state } = await openAdapters(backend.environment);
  const resolver = await startResolver(backend.environment);
  await feed(log, FIRST);
  await drained(log);
  await decide(log, DIRECTIVES);
  await carriedOut(log, state);
  const first = await snapshot(state);
  await feed(log, REST);
  await drained(log);
  const all = await snapshot(state);
  await resolver.stop();
  await state.close();
  await log.close();
  await backend.stop();
  return { first, all };
}

let truth: Awaited<ReturnType<typeof neverLost>>;
beforeAll(async () => {
  truth = await neverLost();
});

describe.each([
  { name: 'embedded', start: startEmbedded },
  { name: 'Kafka and Redis', start: startDistributed },
])('the identity state on $name', ({ start }) => {
  let backend: Backend;
  let log: EventLog;
  let state: IdentityState;
  beforeAll(async () => {
    backend = await start();
    ({ log, state } = await openAdapters(backend.environment));
  });
  afterAll(async () => {
    await state?.close();
    await log?.close();
    await backend?.stop();
  });

  test('made anew from the warehouse is the one that was lost, and goes on as it would have', {
    timeout: 240_000,
  }, async () => {
    const store = await startWarehouse(log, CONFIG);
    let resolver = await startResolver(backend.environment);
    await feed(log, FIRST);
    await drained(log);
    await decide(log, DIRECTIVES);
    await carriedOut(log, state);
    const before = await snapshot(state);
    expect(today(before)).toEqual(today(truth.first));
    await resolver.stop();
    await store.loaded();
    const told = (await readTopic<Change>(log, 'changes')).length;

    await backend.flush();
    await backend.dropOld();
    const rebuilt = await rebuildState({ log, state, warehouse: store.warehouse, config: CONFIG, logger });
    expect(rebuilt.map(({ workspace, told }) => [workspace, told])).toEqual([
      ['shop', 0],
      ['idle', 0],
    ]);
    expect(await snapshot(state)).toEqual(before);

    resolver = await startResolver(backend.environment);
    await feed(log, REST);
    await drained(log);
    expect(today(await snapshot(state))).toEqual(today(truth.all));
    expect((await readTopic<Change>(log, 'changes')).length).toBeGreaterThan(told);
    await resolver.stop();
    await store.stop();
  });
});
