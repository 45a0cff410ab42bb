import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type Change,
  DIRECTIVES_APPLIED_PARTITION,
  type Directive,
  type EventLog,
  type FailedEvent,
  type IdentityState,
  type Interaction,
  TOPICS,
} from '@kenal/contracts';
import { createTopicWriter, topicSpecs } from '@kenal/event-log';
import { decodeComponent, profileOf, replay, rulesOf } from '@kenal/identity';
import { erasureHash } from '@kenal/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { type Backend, openAdapters, startDistributed, startEmbedded } from '../testing/backends.ts';
import { drained, feed } from '../testing/ledger.ts';
import { CONFIG, ERASURE_KEY, generate } from '../testing/people.ts';
import { startResolver } from '../testing/resolver.ts';

const SHOP = 'shop';
const { identity, traits } = CONFIG.workspaces[0]!;
const NOTHING = {
  ...{ workspace: SHOP, actor: 'test', reason: 'because', pairs: [], source: null, profileId: null, erased: [] },
  ...{ consent: null, document: null, base: null, model: null },
};

let issued = 0;
/** Decided after everything that the generator makes happened. */
function directive(kind: Directive['kind'], more: Partial<Directive>): Directive {
  issued += 1;
  return {
    ...NOTHING,
    id: `d${String(issued).padStart(4, '0')}`,
    issuedAt: Date.now() * 1_000 + issued,
    kind,
    ...more,
  };
}
const pair = (a: string, b: string, verb: 'must' | 'cannot' | 'revoke' | 'clear') => ({
  pairs: [{ a, b, verb, weight: null, detail: '' }],
});

async function decide(log: EventLog, ...directives: readonly Directive[]): Promise<void> {
  await log.ensureTopics(topicSpecs(30));
  const writer = createTopicWriter<Directive>(log, 'directives');
  await writer.append(directives.map((value) => ({ key: SHOP, value })));
}

async function carriedOut(log: EventLog, state: IdentityState): Promise<void> {
  const [range] = await log.ranges(TOPICS.directives.name);
  await expect
    .poll(async () => (await state.processed([SHOP], [DIRECTIVES_APPLIED_PARTITION]))[0]?.offset, { timeout: 30_000 })
    .toBe(range!.latest);
}

/** The state is lost under the resolver, noticed, and made again from the log. */
async function loseState(backend: Backend, { log, state, metrics }: Awaited<ReturnType<typeof startResolver>>) {
  await backend.flush();
  await expect.poll(metrics, { timeout: 30_000 }).toMatch(/rewinds_total [1-9]/);
  const ends = (await log.ranges(TOPICS.interactions.name)).map(({ latest }) => latest);
  const processed = async () => (await state.processed([SHOP], [...ends.keys()])).map(({ offset }) => offset);
  await expect.poll(processed, { timeout: 30_000 }).toEqual(ends);
  await carriedOut(log, state);
}

/** Profile id and traits of each identifier that has a profile. */
async function people(state: IdentityState, revoked: readonly string[] = []): Promise<Map<string, unknown>> {
  const rules = rulesOf(identity, SHOP, { traits, revokedSources: new Set(revoked) });
  const found = new Map<string, unknown>();
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(SHOP, cursor);
    for (const { id, fields } of page.components) {
      if (id.startsWith('*')) continue;
      const component = decodeComponent(fields, rules);
      for (const key of component.assigned.keys()) {
        const view = profileOf(component, rules, key)!;
        found.set(key, [view.id, view.traits, view.consent]);
      }
    }
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}

/** The same by the pure function. */
function truth(sent: readonly Interaction[], more: Partial<Parameters<typeof replay>[1]> = {}): Map<string, unknown> {
  const { profiles, profileByKey } = replay(sent, {
    ...{ workspace: SHOP, config: identity, traits, regionOf: () => 'US' },
    ...more,
  });
  return new Map(
    Array.from(profileByKey, ([key, id]) => {
      const { traits, consent } = profiles.get(id)!;
      return [key, [id, traits, consent]];
    }),
  );
}

const sorted = (found: Map<string, unknown>) => [...found].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each([
  { name: 'embedded', start: startEmbedded },
  { name: 'Kafka and Redis', start: startDistributed },
])('directives on $name', ({ start }) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await start();
  });
  afterAll(() => backend?.stop());

  test('what was decided holds as the pure function says, through late events, a lost state and a restart', {
    timeout: 240_000,
  }, async () => {
    const { log, state } = await openAdapters(backend.environment);
    const all = generate(23, 700);
    const sent = all.slice(0, 400);
    await feed(log, sent);
    let resolver = await startResolver(backend.environment);
    await drained(log);
    expect(sorted(await people(state))).toEqual(sorted(truth(sent)));

    // Two identifiers of one person, taken apart; two of two people, made one; consent; a source that was a mistake
    const [first, other] = oneProfile(truth(sent));
    const [mine, yours] = twoProfiles(truth(sent));
    const directives = [
      directive('unlink', pair(first, other, 'cannot')),
      directive('must', pair(mine, yours, 'must')),
      directive('consent', { consent: { owner: mine, purpose: 'news', granted: true } }),
      directive('revoke', { source: 'till' }),
    ];
    await decide(log, ...directives);
    await carriedOut(log, state);
    const directed = { revokedSources: new Set(['till']) };
    expect(sorted(await people(state, ['till']))).toEqual(sorted(truth(sent, { directives, directed })));

    // Late events, the same ones again, another process
    await resolver.stop();
    sent.push(...all.slice(400));
    await feed(log, [...all.slice(400), ...all.slice(0, 100)]);
    resolver = await startResolver(backend.environment);
    await drained(log);
    const decided = sorted(truth(sent, { directives, directed }));
    expect(sorted(await people(state, ['till']))).toEqual(decided);

    // The state is lost: nobody who was taken apart is told to be one on the way back
    const before = (await readTopic<Change>(log, 'changes')).length;
    await loseState(backend, resolver);
    expect(sorted(await people(state, ['till']))).toEqual(decided);
    const since = (await readTopic<Change>(log, 'changes')).slice(before);
    const both = since.filter(({ after }) => {
      const keys = (after?.identifiers ?? []).map(({ type, value }) => `${type}:${value}`);
      return keys.includes(first) && keys.includes(other);
    });
    expect(both).toEqual([]);

    // Taken back: as if nothing had been decided
    const cleared = [
      directive('clear', pair(first, other, 'clear')),
      directive('clear', pair(mine, yours, 'clear')),
      directive('clear', { source: 'till' }),
    ];
    await decide(log, ...cleared);
    await carriedOut(log, state);
    const consent = directives.filter(({ kind }) => kind === 'consent');
    expect(sorted(await people(state))).toEqual(sorted(truth(sent, { directives: consent })));
    await resolver.stop();
    await state.close();
    await log.close();
  });

  test('who is erased is in no field of the state, does not come back by old events, and may come anew', {
    timeout: 120_000,
  }, async () => {
    const { log, state } = await openAdapters(backend.environment);
    const at = Date.now() * 1_000 - 60_000_000;
    const [template] = generate(29, 1);
    const event = (id: string, more: Partial<Interaction>): Interaction => ({
      ...{ ...template!, id, source: 'web', type: 'identify', clientAt: at, receivedAt: at, occurredAt: at },
      identifiers: [
        { type: 'user_id', value: 'gone' },
        { type: 'email', value: 'gone@x.de' },
      ],
      traits: '{"name":"Canary Erased"}',
      ...more,
    });
    await feed(log, [event('e1', {}), event('e2', { identifiers: [{ type: 'email', value: 'gone@x.de' }] })]);
    let resolver = await startResolver(backend.environment);
    await drained(log);
    const profileId = (await people(state)).get('user_id:gone') as [string];
    const erased = ['user_id:gone', 'email:gone@x.de'].map((key) => erasureHash(ERASURE_KEY, key));
    await decide(log, directive('erase', { profileId: profileId[0], erased }));
    await carriedOut(log, state);
    expect(await canary(state)).toEqual([]);
    expect(await state.anchor(SHOP, profileId[0])).toBe(null);
    const changes = await readTopic<Change>(log, 'changes');
    expect(changes.filter((one) => one.profileId === profileId[0]).at(-1)).toMatchObject({
      ...{ type: 'erased', before: null, after: null },
      cause: { rule: 'erase' },
    });

    // Received before, or happened before: refused without its bytes. Afterwards: a person with no past
    const later = Date.now() * 1_000 + 3_600_000_000;
    await feed(log, [
      event('e1', {}),
      event('e3', { receivedAt: later, occurredAt: later }),
      event('e4', { clientAt: later, receivedAt: later, occurredAt: later, traits: '{"name":"New"}' }),
    ]);
    await drained(log);
    const failed = (await readTopic<FailedEvent>(log, 'failed')).filter(({ code }) => code === 'event_erased');
    // An id may be a mail's, and name the person
    expect(failed.map(({ messageId, body }) => [messageId, body.byteLength])).toEqual([
      ['', 0],
      ['', 0],
    ]);
    expect((await people(state)).get('user_id:gone')).toEqual([profileId[0], { name: 'New' }, {}]);

    // Read again, as after a kill before it was marked: who came anew stays (broke: the erasure took the new person too)
    if (backend.environment.REDIS_URL === '') {
      await resolver.stop();
      await unmark(backend, state);
      resolver = await startResolver(backend.environment);
      await carriedOut(log, state);
      expect((await people(state)).get('user_id:gone')).toEqual([profileId[0], { name: 'New' }, {}]);
    }

    // The state is lost and made again from the log: the erasure is known before the first event
    await loseState(backend, resolver);
    expect((await people(state)).get('user_id:gone')).toEqual([profileId[0], { name: 'New' }, {}]);
    expect(await canary(state)).toEqual([]);
    await resolver.stop();
    await state.close();
    await log.close();
  });
});

/** The mark that directives are carried out is gone, nothing else. */
async function unmark({ environment }: Backend, state: IdentityState): Promise<void> {
  const db = new DatabaseSync(join(environment.KENAL_DATA, 'state', 'identity.db'), { timeout: 10_000 });
  db.exec(`DELETE FROM processed WHERE "partition" = ${DIRECTIVES_APPLIED_PARTITION}`);
  db.close();
  expect(await state.processed([SHOP], [DIRECTIVES_APPLIED_PARTITION])).toMatchObject([{ offset: -1 }]);
}

/** Fields that still name what was erased. */
async function canary(state: IdentityState): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(SHOP, cursor);
    for (const { fields } of page.components)
      for (const [field, text] of fields) if (`${field} ${text}`.includes('Canary')) found.push(field);
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}

/** Two identifiers of one profile. */
function oneProfile(found: Map<string, unknown>): [string, string] {
  const groups = Map.groupBy(found.keys(), (key) => (found.get(key) as [string])[0]);
  const [first, other] = [...groups.values()].find((keys) => keys.length > 2)!;
  return [first!, other!];
}

/** Anonymous identifiers of two profiles. */
function twoProfiles(found: Map<string, unknown>): [string, string] {
  const keys = [...found.keys()].filter((key) => key.startsWith('anonymous_id:'));
  const [mine] = keys;
  const yours = keys.find((key) => (found.get(key) as [string])[0] !== (found.get(mine!) as [string])[0]);
  return [mine!, yours!];
}
