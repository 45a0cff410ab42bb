import { type EventLog, type IdentityState, TOPICS } from '@kenal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, openAdapters, startDistributed, startEmbedded } from './testing/backends.ts';
import { compute, computedOf, kept } from './testing/computing.ts';
import { carriedOut, decide } from './testing/decisions.ts';
import { drained, feed } from './testing/ledger.ts';
import { publishedProfiles } from './testing/published.ts';
import { startResolver } from './testing/resolver.ts';
import { type FullSnapshot, snapshotOf, today } from './testing/snapshot.ts';
import { DIRECTIVES, FIRST, REST, RULES, SHOP } from './testing/story.ts';

describe.each([
  { name: 'embedded', start: startEmbedded },
  { name: 'Kafka and Redis', start: startDistributed },
])('a state that was lost on $name', ({ start }) => {
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

  /** Everything in the log is in the state, and every directive carried out. */
  async function readAgain(): Promise<void> {
    const ranges = await log.ranges(TOPICS.interactions.name);
    const offsets = () =>
      state.processed(
        [SHOP],
        ranges.map(({ partition }) => partition),
      );
    await expect
      .poll(async () => (await offsets()).map(({ offset }) => offset), { timeout: 60_000 })
      .toEqual(ranges.map(({ latest }) => latest));
    await drained(log);
    await carriedOut(log, state);
    await kept(log, state);
  }

  async function expectAsBefore(before: FullSnapshot): Promise<FullSnapshot> {
    const now = await snapshotOf(state, SHOP, RULES);
    expect(today(now)).toEqual(today(before));
    return now;
  }

  /** Every id that was ever given to somebody who is there leads to them still, also where nobody has it any more. */
  function expectAliases(now: FullSnapshot, before: FullSnapshot): void {
    const assigned = new Set(before.components.flat().map((field) => /^a\|(.+) /.exec(field)?.[1]));
    const leading = before.issued.filter((one) => assigned.has(one.slice(one.indexOf(' ') + 1)));
    expect(leading.length).toBeGreaterThan(300);
    expect(now.issued).toEqual(expect.arrayContaining(leading));
  }

  test('whole or by its last moments, idle or stopped, is the same again after the log was read again, directives with it', {
    timeout: 240_000,
  }, async () => {
    await feed(log, FIRST.slice(0, 1_000));
    let resolver = await startResolver(backend.environment);
    await drained(log);
    await decide(log, DIRECTIVES.slice(0, 4));
    await carriedOut(log, state);
    const older = await backend.save();
    await feed(log, FIRST.slice(1_000));
    await drained(log);
    await decide(log, DIRECTIVES.slice(4));
    await feed(log, REST);
    await drained(log);
    await carriedOut(log, state);
    // Also of people who are taken in by others when all is read again
    const told = [...new Set((await publishedProfiles(state)).values())].slice(0, 300);
    await compute(
      log,
      told.flatMap((id, i) => [computedOf(id, 'tier', `${i}`, i), computedOf(id, 'tier', 'old', 0)]),
    );
    await kept(log, state);
    const before = await snapshotOf(state, SHOP, RULES);
    expect(before.components.flat().filter((field) => /^s\|.*score/.test(field)).length).toBeGreaterThan(250);
    const rewinds = async () => Number(/rewinds_total (\d+)/.exec(await resolver.metrics())?.[1] ?? 0);

    // Back to an older dump while a resolver runs, and while none does
    await older.restore();
    await expect.poll(rewinds, { timeout: 30_000 }).toBe(1);
    await readAgain();
    await expectAsBefore(before);
    await resolver.stop();
    await older.restore();
    resolver = await startResolver(backend.environment);
    await readAgain();
    await expectAsBefore(before);

    // All of it
    await backend.flush();
    await expect.poll(rewinds, { timeout: 30_000 }).toBe(1);
    await readAgain();
    expectAliases(await expectAsBefore(before), before);
    await resolver.stop();
    await backend.flush();
    resolver = await startResolver(backend.environment);
    await readAgain();
    expectAliases(await expectAsBefore(before), before);
    await resolver.stop();
  });
});
