import { type Directive, type EventLog, type Interaction, TOPICS } from '@kenal/contracts';
import { topicSpecs } from '@kenal/event-log';
import { replay } from '@kenal/identity';
import { erasureHash } from '@kenal/service-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Backend, startEmbedded } from '../testing/backends.ts';
import { decidedApart } from '../testing/decided-apart.ts';
import { carriedOut, decide, directiveOf } from '../testing/decisions.ts';
import { drained, feed } from '../testing/ledger.ts';
import { CONFIG, ERASURE_KEY, interactionOf } from '../testing/people.ts';
import { publishedProfiles } from '../testing/published.ts';
import { startResolver } from '../testing/resolver.ts';

const AT = Date.UTC(2026, 0, 1) * 1_000;
const id = (type: string, value: string) => ({ type, value });
const GONE = [id('user_id', 'gone'), id('email', 'gone@x.de')];

let backend: Backend;
beforeEach(async () => {
  backend = await startEmbedded();
});
afterEach(() => backend?.stop());

function erasureOf(profileId: string, identifiers: Interaction['identifiers']): Directive {
  const erased = identifiers.map(({ type, value }) => erasureHash(ERASURE_KEY, `${type}:${value}`));
  return directiveOf(1, 'erase', { profileId, erased });
}

/** Resolves when the log was read from beyond so many directives. */
function readBeyond(log: EventLog, directives: number): Promise<void> {
  const seen = Promise.withResolvers<void>();
  const read = log.read.bind(log);
  log.read = async (position, limit) => {
    const records = await read(position, limit);
    if (position.topic === TOPICS.directives.name && position.offset >= directives) seen.resolve();
    return records;
  };
  return seen.promise;
}

test('what a round has made ready does not make somebody again whom another resolver erases meanwhile', async () => {
  const erased = Promise.withResolvers<void>();
  const paused = Promise.withResolvers<void>();
  let isPausing = false;
  const one = await startResolver(backend.environment, async (step) => {
    if (step !== 'decoded' || !isPausing) return;
    isPausing = false;
    paused.resolve();
    await erased.promise;
  });
  const { log, state } = one;
  await feed(log, [interactionOf('g1', 'web', GONE, AT, '{"name":"Gone"}')]);
  await drained(log);
  const profileId = (await publishedProfiles(state)).get('user_id:gone')!;

  await carriedOut(log, state); // else its first sweep waits for the round that is held up, and it reads nothing

  // Made ready before the erasure is known; meanwhile this process reads of it, and the other one carries it out
  isPausing = true;
  await feed(log, [interactionOf('g2', 'web', GONE, AT + 1, '{"name":"Gone"}')]);
  await paused.promise;
  const isRead = readBeyond(log, 1);
  await decide(log, [erasureOf(profileId, GONE)]);
  const other = await decidedApart(backend.environment, CONFIG);
  await other.directives.begin();
  expect(await publishedProfiles(state)).toEqual(new Map());
  await isRead;
  erased.resolve();
  await drained(log);
  await carriedOut(log, state);
  expect(await publishedProfiles(state)).toEqual(new Map());
  expect(await state.anchor('shop', profileId)).toBe(null);
  await other.stop();
  await one.stop();
});

test('an erasure that is cut off once its person is gone still has those decided again who were seen with them', async () => {
  // One mailbox of four people is a hub; of the three who stay it is none
  const family = id('email', 'family@x.de');
  const people = [1, 2, 3].map((n) => id('user_id', `u${n}`));
  const sent = [...people, id('user_id', 'gone')].map((user, n) =>
    interactionOf(`h${n}`, 'web', [user, family], AT + n, null),
  );
  let commits = Number.POSITIVE_INFINITY;
  const onStateCall = (verb: string): void => {
    if (commits <= 0) throw new Error('killed');
    if (verb === 'commit') commits -= 1;
  };
  const killed = await decidedApart(backend.environment, CONFIG, { onStateCall });
  const { log } = killed;
  await log.ensureTopics(topicSpecs(30));
  await killed.directives.begin();
  await killed.decide(sent);
  const { state } = killed;
  const truth = (all: readonly Interaction[]) => {
    const { identity, traits } = CONFIG.workspaces[0]!;
    return replay(all, { workspace: 'shop', config: identity, traits, regionOf: () => 'US' }).profileByKey;
  };
  expect(await publishedProfiles(state)).toEqual(truth(sent));
  const profileId = truth(sent).get('user_id:gone')!;
  await decide(log, [erasureOf(profileId, [id('user_id', 'gone')])]);

  // It stands that it has begun, and the person is taken away: nothing more
  commits = 2;
  await expect(killed.directives.begin()).rejects.toThrow('killed');
  commits = Number.POSITIVE_INFINITY;
  const before = new Map([...truth(sent)].filter(([key]) => key !== 'user_id:gone'));
  const after = truth(sent.slice(0, 3));
  expect(after).not.toEqual(before);
  expect(await publishedProfiles(state)).toEqual(before);

  const next = await decidedApart(backend.environment, CONFIG);
  await next.directives.begin();
  expect(await publishedProfiles(state)).toEqual(after);
  await next.stop();
  await killed.stop();
});
