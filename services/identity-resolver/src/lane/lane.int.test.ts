import {
  type EventLog,
  type FailedEvent,
  GROUPS,
  type IdentityState,
  type Interaction,
  type Resolved,
  TOPICS,
} from '@kenal/contracts';
import { erasureHash } from '@kenal/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProcess } from '../../../../test/support/process.ts';
import { readTopic } from '../../../../test/support/read-topic.ts';
import type { Step, StepHook } from '../step-hook.ts';
import { type Backend, openAdapters, startDistributed, startEmbedded } from '../testing/backends.ts';
import { carriedOut, decide, directiveOf } from '../testing/decisions.ts';
import { createGate } from '../testing/gate.ts';
import { giant, sighting } from '../testing/giants.ts';
import { drained, expectLedger, feed } from '../testing/ledger.ts';
import { ERASURE_KEY } from '../testing/people.ts';
import { startResolver } from '../testing/resolver.ts';

const CHILD = new URL('../testing/crash-child.ts', import.meta.url).pathname;
/** Devices of a giant that no round decides on. */
const GIANT = 350;
const ONE_PARTITION = 'shop/one';

describe.each([
  // It takes seconds until a dead member of a group is missed: between commit and publication, and before the offsets
  { name: 'embedded', start: startEmbedded, steps: ['asidePlaced', 'asidePublished'] satisfies Step[] },
  { name: 'Kafka and Redis', start: startDistributed, steps: ['asidePlaced'] satisfies Step[] },
])('the dirty lane on $name', ({ start, steps }) => {
  let backend: Backend;
  let log: EventLog;
  let state: IdentityState;
  const sent: Interaction[] = [];
  beforeAll(async () => {
    backend = await start();
    ({ log, state } = await openAdapters(backend.environment));
  });
  afterAll(async () => {
    await state?.close();
    await log?.close();
    await backend?.stop();
  });

  async function send(...events: readonly Interaction[]): Promise<void> {
    sent.push(...events);
    await feed(log, events, ONE_PARTITION);
  }

  const resolvedIds = async () => (await readTopic<Resolved>(log, 'resolved')).map(({ interaction }) => interaction.id);

  /** Where the group, and the state, say that the partition was processed. */
  async function standing(): Promise<{ readonly group: number; readonly processed: number }> {
    const [at] = (await log.committed(GROUPS.resolver, [TOPICS.interactions.name])).filter(({ offset }) => offset > 0);
    const [processed] = await state.processed(['shop'], [at!.partition]);
    return { group: at!.offset, processed: processed!.offset };
  }

  test('while two giants turn out one, events of others in their partition are published in the next round, and no offset says that the giants are done', {
    timeout: 60_000,
  }, async () => {
    const lane = createGate();
    const rounds = { decoded: 0, acknowledged: 0 };
    const between = () =>
      expect.poll(() => rounds.decoded - rounds.acknowledged, { timeout: 20_000, interval: 5 }).toBe(0);
    await send(...giant('left', GIANT), ...giant('right', GIANT));
    const resolver = await startResolver(backend.environment, async (step) => {
      if (step === 'decoded' || step === 'acknowledged') rounds[step] += 1;
      if (step === 'aside') await lane.pass();
    });
    await drained(log);
    expect(await standing()).toEqual({ group: sent.length, processed: sent.length });

    lane.close();
    const merge = sighting('left-0', 'right-0');
    await send(merge);
    await lane.reached();
    await between(); // the lane begins while the round is at it
    const before = sent.length - 1;
    const ofGiants: Interaction[] = [];
    for (let n = 0; n < 5; n += 1) {
      const other = sighting(`other-${n}`, `another-${n}`);
      // What is new, what is known, and what hangs on the merge alone
      const theirs = [sighting('left-7', `new-${n}`), sighting('right-9'), sighting(`new-${n}`)];
      const seen = rounds.acknowledged;
      await send(...theirs, other);
      await expect.poll(() => rounds.acknowledged, { timeout: 20_000, interval: 5 }).toBe(seen + 1);
      expect(await resolvedIds()).toContain(other.id); // one round
      ofGiants.push(...theirs);
    }
    const published = await resolvedIds();
    for (const { id } of [merge, ...ofGiants]) expect(published).not.toContain(id);
    expect(await standing()).toEqual({ group: before, processed: before });

    lane.open();
    await drained(log);
    expect(await standing()).toEqual({ group: sent.length, processed: sent.length });
    await resolver.stop();
    await expectLedger(log, state, sent);
  });

  test('who loses races again and again holds up nobody, and is resolved when the others are through', {
    timeout: 60_000,
  }, async () => {
    let [losses, acknowledged] = [0, 0];
    // As if others were faster each time, more often than a round may lose
    const racing = (of: IdentityState): IdentityState => ({
      ...of,
      async commit(workspace, commits, fence) {
        const fought = commits.map(
          ({ set }) => losses < 31 && [...set.keys()].some((field) => field.includes('fought')),
        );
        const applied = await of.commit(
          workspace,
          commits.filter((_, i) => !fought[i]),
          fence,
        );
        const answers = applied[Symbol.iterator]();
        losses += fought.filter(Boolean).length;
        return fought.map((lost) => (lost ? false : answers.next().value === true));
      },
    });
    const onStep: StepHook = (step) => {
      if (step === 'acknowledged') acknowledged += 1;
    };
    const fought = sighting('fought', 'over');
    await send(fought);
    const resolver = await startResolver(backend.environment, onStep, undefined, undefined, { around: racing });
    await expect.poll(() => acknowledged, { timeout: 20_000, interval: 5 }).toBe(1);
    for (let n = 0; n < 3; n += 1) {
      const other = sighting(`bystander-${n}`);
      await send(other, sighting('over', `beside-${n}`));
      await expect.poll(() => acknowledged, { timeout: 20_000, interval: 5 }).toBe(2 + n);
      expect(await resolvedIds()).toContain(other.id);
    }
    expect(losses).toBeLessThan(31);
    expect(await resolvedIds()).not.toContain(fought.id);
    await drained(log);
    expect(losses).toBe(31);
    await resolver.stop();
    await expectLedger(log, state, sent);
  });

  test('a kill −9 in the lane loses nothing of what waited there, while rounds had gone on', {
    timeout: 120_000,
  }, async () => {
    const environment = { ADAPTERS: JSON.stringify(backend.environment), MOST_FIELDS: '60' };
    for (const step of steps) await send(...giant(`${step}-left`, 40), ...giant(`${step}-right`, 40));
    const first = await startResolver(backend.environment);
    await drained(log);
    await first.stop();
    for (const step of steps) {
      await send(sighting(`${step}-left-0`, `${step}-right-0`), sighting(`${step}-other`, `${step}-another`));
      const child = startProcess(`resolver that dies at ${step}`, [CHILD], { ...environment, CRASH_STEP: step });
      await child.seen(/passed 1/, 30);
      expect(await child.ended, child.output()).toBe(null); // by a signal
      expect(await resolvedIds()).toContain(sent.at(-1)!.id);
    }
    const heir = await startResolver(backend.environment, undefined, undefined, undefined, { mostFields: 60 });
    await drained(log);
    await heir.stop();
    await expectLedger(log, state, sent);
  });

  test('who is erased while the lane is at an event of theirs does not come back by it', {
    timeout: 60_000,
  }, async () => {
    const lane = createGate();
    let isAside = false;
    // Between what was prepared by the rules before and its commit
    const onStep: StepHook = async (step) => {
      if (step === 'aside') isAside = true;
      if (step === 'decided' && isAside) await lane.pass();
    };
    const known = sighting('erased', 'erased-too');
    await feed(log, [known], ONE_PARTITION);
    const resolver = await startResolver(backend.environment, onStep, undefined, undefined, { mostFields: 3 });
    await drained(log);
    const { profileId } = (await readTopic<Resolved>(log, 'resolved')).find((row) => row.interaction.id === known.id)!;

    lane.close();
    const late = sighting('erased', 'erased-later');
    await feed(log, [late], ONE_PARTITION);
    await lane.reached();
    const keys = ['erased', 'erased-too', 'erased-later'].map((name) => `device_id:${name}`);
    const erased = keys.map((key) => erasureHash(ERASURE_KEY, key));
    await decide(log, [directiveOf(1, 'erase', { profileId, erased })]);
    await carriedOut(log, state);
    lane.open();
    await drained(log);
    await resolver.stop();
    const failed = await readTopic<FailedEvent>(log, 'failed');
    expect(failed.map(({ messageId, code }) => [messageId, code])).toEqual([['', 'event_erased']]);
    expect([...(await state.load('shop', keys)).pointers]).toEqual([]);
  });
});
