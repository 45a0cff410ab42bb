import { GROUPS, TOPICS } from '@kenal/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Backend, openAdapters, startEmbedded } from './testing/backends.ts';
import { drained, expectLedger, feed } from './testing/ledger.ts';
import { generate } from './testing/people.ts';
import { startResolver } from './testing/resolver.ts';

let backend: Backend;
beforeEach(async () => {
  backend = await startEmbedded();
});
afterEach(() => backend.stop());

const PARTITIONS = [0, 1, 2, 3, 4, 5, 6, 7];

// Broke in the ledger: after kill −9 the lease of the dead lives on, and the group was told that rounds were done
// whose changes stood in an outbox that nobody could send yet; `/v1/settled` said true ten seconds too early
test('while another has the outbox, rounds go on, and the group is told of them once their changes are in the log', async () => {
  const { log, state } = await openAdapters(backend.environment);
  const all = generate(17, 300);
  await feed(log, all.slice(0, 1));
  const first = await startResolver(backend.environment);
  await drained(log);
  await first.stop();
  const [begun] = await log.ranges(TOPICS.changes.name);
  expect(begun).toBeDefined();
  const workspace = 'shop';

  // Somebody takes the lease and does not come to an end
  const holding = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const outbox = [{ key: 'k', value: new Uint8Array([1]) }];
  const nothing = { absent: [], absorb: [], unset: [], point: [], issued: new Map(), set: new Map() };
  await state.commit(workspace, [{ ...nothing, target: 'lock', expect: new Map([['lock', 0]]), outbox }]);
  const held = state.relay(workspace, 'somebody else', 1, async () => {
    holding.resolve();
    await release.promise;
  });
  await holding.promise;

  await feed(log, all.slice(1));
  const committedBefore = await log.committed(GROUPS.resolver, [TOPICS.interactions.name]);
  const steps = { decoded: 0, acknowledged: 0 };
  const resolver = await startResolver(backend.environment, (step) => {
    if (step === 'decoded' || step === 'acknowledged') steps[step] += 1;
  });
  const ends = (await log.ranges(TOPICS.interactions.name)).map(({ latest }) => latest);
  const processed = async () => (await state.processed([workspace], PARTITIONS)).map(({ offset }) => offset);
  await expect.poll(processed, { timeout: 20_000 }).toEqual(ends);
  await expect.poll(() => steps.decoded === steps.acknowledged, { timeout: 20_000 }).toBe(true);
  // All of it is decided and published, none of its changes is in the log: none of it is done
  expect(await log.committed(GROUPS.resolver, [TOPICS.interactions.name])).toEqual(committedBefore);

  release.resolve();
  expect(await held).toEqual({ sent: 1, held: false });
  await drained(log);
  await resolver.stop();
  await expectLedger(log, state, all);
  await state.close();
  await log.close();
});
