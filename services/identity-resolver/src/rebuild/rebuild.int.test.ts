import type { Change, EventLog, IdentityState } from '@kenal/contracts';
import { createLogger } from '@kenal/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { type Backend, openAdapters, startDistributed, startEmbedded } from '../testing/backends.ts';
import { carriedOut, decide } from '../testing/decisions.ts';
import { drained, feed } from '../testing/ledger.ts';
import { startWarehouse } from '../testing/loaded-warehouse.ts';
import { CONFIG } from '../testing/people.ts';
import { startResolver } from '../testing/resolver.ts';
import { type FullSnapshot, snapshotOf, today } from '../testing/snapshot.ts';
import { DIRECTIVES, FIRST, REST, RULES, SHOP } from '../testing/story.ts';
import { rebuildState } from './rebuild.ts';

const logger = createLogger({ name: 'rebuild-test', level: process.env.KENAL_LOG || 'silent' });

const snapshot = (state: IdentityState): Promise<FullSnapshot> => snapshotOf(state, SHOP, RULES);

/** What a state looks like that was never lost. */
async function neverLost(): Promise<{ readonly first: FullSnapshot; readonly all: FullSnapshot }> {
  const backend = await startEmbedded();
  const { log, state } = await openAdapters(backend.environment);
  await feed(log, FIRST);
  const resolver = await startResolver(backend.environment);
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
    await feed(log, FIRST);
    let resolver = await startResolver(backend.environment);
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
