import {
  DIRECTIVES_APPLIED_PARTITION,
  GROUPS,
  type IdentityState,
  type Interaction,
  type Resolved,
  TOPICS,
} from '@kenal/contracts';
import { topicSpecs } from '@kenal/event-log';
import { replay } from '@kenal/identity';
import { expect, test } from 'vitest';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { openAdapters, startEmbedded } from '../testing/backends.ts';
import { decidedApart } from '../testing/decided-apart.ts';
import { carriedOut, decide, directiveOf, pairOf } from '../testing/decisions.ts';
import { createGate } from '../testing/gate.ts';
import { drained, feed } from '../testing/ledger.ts';
import { CONFIG, interactionOf, withRules } from '../testing/people.ts';
import { publishedProfiles } from '../testing/published.ts';
import { startResolver } from '../testing/resolver.ts';

const AT = Date.UTC(2026, 0, 1) * 1_000;
const HUB = 'email:busy@x.de';
/** Each is somebody without the hub as well. */
const NEIGHBOURS = 60;
/** No round decides on all of them. */
const MOST_FIELDS = 100;
const ONE_PARTITION = 'shop/one';
const MAIL = { type: 'email', value: 'busy@x.de' };
const user = (name: string) => ({ type: 'user_id', value: name });
const browser = (n: number | string) => ({ type: 'anonymous_id', value: `n${n}` });

let messages = 0;
const seen = (...identifiers: Interaction['identifiers']): Interaction => {
  messages += 1;
  return interactionOf(`m${messages}`, 'web', identifiers, AT + messages, null);
};

/** An address that one person too many has. */
const hub = (): Interaction[] => [
  ...['a', 'b', 'c', 'd'].map((name) => seen(user(name), MAIL)),
  ...Array.from({ length: NEIGHBOURS }, (_, n) => [seen(browser(n)), seen(browser(n), MAIL)]).flat(),
];

function truth(
  sent: readonly Interaction[],
  { workspaces } = CONFIG,
  directives = [] as ReturnType<typeof directiveOf>[],
) {
  const { identity: config, traits } = workspaces[0]!;
  return replay(sent, { workspace: 'shop', config, traits, regionOf: () => 'US', directives }).profileByKey;
}

/** Holds up who writes the hub and all its neighbours as one. */
function gated(gate: ReturnType<typeof createGate>) {
  return (of: IdentityState): IdentityState => ({
    ...of,
    async commit(workspace, commits, fence) {
      if (commits.some(({ absorb }) => absorb.length >= NEIGHBOURS)) await gate.pass();
      return of.commit(workspace, commits, fence);
    },
  });
}

test('while a decision frees a hub with many neighbours, others in the same partition go on, who hangs on it waits, and nothing says that it stands', {
  timeout: 60_000,
}, async () => {
  const backend = await startEmbedded();
  const { log, state } = await openAdapters(backend.environment);
  const gate = createGate();
  const [topic, rounds] = [TOPICS.interactions.name, { acknowledged: 0 }];
  const onStep = (step: string): void => {
    if (step === 'acknowledged') rounds.acknowledged += 1;
  };
  const options = { mostFields: MOST_FIELDS, around: gated(gate) };
  const resolver = await startResolver(backend.environment, onStep, undefined, undefined, options);
  const sent = hub();
  await feed(log, sent, ONE_PARTITION);
  await drained(log);
  expect(await publishedProfiles(state)).toEqual(truth(sent));

  gate.close();
  const freed = directiveOf(1, 'revoke', pairOf(HUB, 'user_id:d', 'revoke'));
  await decide(log, [freed]);
  await gate.reached();
  const ofHub = [seen(browser(7)), seen(browser('new'), MAIL), seen(browser(8), browser('newer')), seen(MAIL)];
  for (const one of ofHub) {
    const [before, other] = [rounds.acknowledged, seen(user(`other${messages}`))];
    sent.push(one, other);
    await feed(log, [one, other], ONE_PARTITION);
    await expect.poll(() => rounds.acknowledged, { timeout: 20_000, interval: 5 }).toBeGreaterThan(before);
    const resolved = (await readTopic<Resolved>(log, 'resolved')).map(({ interaction }) => interaction.id);
    expect(resolved).toContain(other.id);
    for (const { id } of ofHub) expect(resolved).not.toContain(id);
  }
  const [mark] = await state.processed(['shop'], [DIRECTIVES_APPLIED_PARTITION]);
  expect(mark!.offset).toBeLessThan(1);
  const [at] = (await log.committed(GROUPS.resolver, [topic])).filter(({ offset }) => offset > 0);
  expect(at!.offset).toBe(sent.length - 2 * ofHub.length);

  gate.open();
  await carriedOut(log, state);
  await drained(log);
  expect(await publishedProfiles(state)).toEqual(truth(sent, CONFIG, [freed]));
  const late = (await readTopic<Resolved>(log, 'resolved')).filter(({ interaction }) =>
    ofHub.some(({ id }) => id === interaction.id),
  );
  // In force before them: none was told to be somebody's of before
  for (const { owner, profileId } of late) expect(profileId).toBe(truth(sent, CONFIG, [freed]).get(owner));
  await resolver.stop();
  await log.close();
  await state.close();
  await backend.stop();
});

test('a decision that waits in the lane when the state is lost is carried out', {
  timeout: 60_000,
}, async () => {
  const backend = await startEmbedded();
  const { log, state } = await openAdapters(backend.environment);
  const gate = createGate();
  const options = { mostFields: MOST_FIELDS, around: gated(gate) };
  const resolver = await startResolver(backend.environment, undefined, undefined, undefined, options);
  const sent = hub();
  await feed(log, sent, ONE_PARTITION);
  await drained(log);
  gate.close();
  const freed = directiveOf(1, 'revoke', pairOf(HUB, 'user_id:d', 'revoke'));
  await decide(log, [freed]);
  await gate.reached();
  await backend.flush();
  await expect.poll(resolver.metrics, { timeout: 30_000 }).toMatch(/rewinds_total [1-9]/);
  gate.open();
  await drained(log);
  await carriedOut(log, state);
  expect(await publishedProfiles(state)).toEqual(truth(sent, CONFIG, [freed]));
  await resolver.stop();
  await log.close();
  await state.close();
  await backend.stop();
});

test('rounds go on while a sweep decides a hub that is none by the new rules', { timeout: 60_000 }, async () => {
  const backend = await startEmbedded();
  const [closed, open] = [3, 4].map((email) => withRules(CONFIG, { caps: { email } }));
  const first = await decidedApart(backend.environment, closed!);
  await first.log.ensureTopics(topicSpecs(30));
  await first.directives.begin();
  const sent = hub();
  await first.decide(sent);
  expect(await publishedProfiles(first.state)).toEqual(truth(sent, closed));
  await first.stop();

  const gate = createGate();
  gate.close();
  const second = await decidedApart(backend.environment, open!, { mostFields: MOST_FIELDS, around: gated(gate) });
  await second.directives.begin();
  second.directives.start();
  await gate.reached();
  await second.between(async () => undefined);
  gate.open();
  await expect.poll(() => publishedProfiles(second.state), { timeout: 20_000 }).toEqual(truth(sent, open));
  await second.stop();
  await backend.stop();
});
