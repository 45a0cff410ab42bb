import {
  DIRECTIVES_APPLIED_PARTITION,
  type Directive,
  GROUPS,
  type LogBatch,
  parseTime,
  type Subscription,
  TOPICS,
} from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import { rulesetHash } from '@kenal/service-kit';
import { describe, expect, test } from 'vitest';
import { decode, UNLINK, useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';

const shop = useShop();
const { decide, logged, profileOf } = shop;

describe('a decision', () => {
  test('is durable in the log when it is answered, with its identifiers normalised, who decided and why', async () => {
    const { status, headers, body } = await decide({
      unlink: { a: ' email:ANN.LEE@example.com', b: 'user_id:ann' },
      ...{ reason: ' they share a mailbox ', actor: 'Eve' },
    });
    expect(status).toBe(202);
    const { directive, settled } = body;
    expect(headers.get('location')).toBe(settled);
    const actor = expect.stringMatching(/^Eve \(key [0-9a-f]{8}\)$/);
    const pairs = [{ a: 'email:ann.lee@example.com', b: 'user_id:ann', verb: 'cannot', weight: null }];
    expect(directive).toMatchObject({ kind: 'unlink', reason: 'they share a mailbox', actor, pairs, pairCount: 1 });
    const record = (await logged())[directive.position];
    expect(decode(record!.value)).toMatchObject({
      ...{ id: directive.id, workspace: 'shop', actor, reason: 'they share a mailbox' },
      pairs: [{ ...pairs[0], detail: '' }],
    });
    expect(record!.key).toBe('shop');
    expect(settled).toBe(`/v1/directives/settled?position=${directive.position}`);
  });

  test.each([
    ['must', { must: { a: 'user_id:ann', b: 'user_id:bob' } }, 'must'],
    ['revoke', { revoke: { a: 'user_id:ann', b: 'user_id:bob' } }, 'revoke'],
    ['clear', { clear: { a: 'user_id:ann', b: 'user_id:bob' } }, 'clear'],
  ])('%s says so of the pair', async (kind, body, verb) => {
    const { directive } = (await decide({ ...body, reason: 'r' })).body;
    expect(directive).toMatchObject({ kind, pairs: [{ a: 'user_id:ann', b: 'user_id:bob', verb }] });
  });

  test('names a pair in one order, whichever end comes first', async () => {
    const { directive } = (await decide({ must: { a: 'user_id:bob', b: 'user_id:ann' }, reason: 'r' })).body;
    expect(directive.pairs[0]).toMatchObject({ a: 'user_id:ann', b: 'user_id:bob' });
  });

  test('of a profile id speaks of the identifier that anchors it', async () => {
    const { id: bob } = await profileOf('user_id:bob');
    const { directive } = (await decide({ must: { a: bob, b: 'user_id:ann' }, reason: 'r' })).body;
    expect(directive.pairs[0]).toMatchObject({ a: 'user_id:ann', b: 'user_id:bob' });
  });

  test.each([
    ['clear', 'web', 'a source of the configuration'],
    ['revoke', 'import-7', 'a source that something came from'],
  ])('may %s all that %s said: %s', async (kind, source) => {
    const { directive } = (await decide({ [kind]: { source }, reason: 'a bad file' })).body;
    expect(directive).toMatchObject({ kind, source, pairs: [] });
  });

  test('stands with the identifier that was named, where it is a consent', async () => {
    const consent = { profile: 'email:ann.lee@example.com', purpose: 'newsletter', granted: false };
    const { directive } = (await decide({ consent, reason: 'asked for it' })).body;
    expect(directive.consent).toEqual({ owner: 'email:ann.lee@example.com', purpose: 'newsletter', granted: false });
    expect(directive.profileId).toBe((await profileOf('user_id:ann')).id);
  });

  test('about the rules is checked as kenal.yaml is, and names the rules that it takes the place of', async () => {
    const { status, body } = await decide({ ruleset: { identity: { limits: { email: 2 } } }, reason: 'families' });
    expect(status).toBe(202);
    const directive = decode((await logged())[body.directive.position]!.value);
    expect(JSON.parse(directive.document ?? '')).toMatchObject({ types: [], limits: { email: 2 } });
    expect(directive.base).toBe(rulesetHash({ ...JSON.parse(directive.document ?? ''), limits: {} }));
  });

  test('is later than every decision that stands in the log, whatever clock that one was made by, but for one that is wrong by years', async () => {
    const before = decode((await logged())[0]!.value);
    const ahead = (Date.now() + 600_000) * 1_000;
    await createTopicWriter<Directive>(shop.world.log, 'directives').append(
      [ahead, Date.UTC(2200, 0) * 1_000].map((issuedAt) => ({
        key: 'shop',
        value: { ...before, id: `${issuedAt}`, issuedAt, workspace: 'shop' },
      })),
    );
    const answers = await Promise.all(Array.from({ length: 5 }, () => decide(UNLINK)));
    const times = answers.map(({ body }) => parseTime(body.directive.issuedAt) ?? 0);
    expect(new Set(times).size).toBe(5);
    for (const time of times) expect([time > ahead, time < ahead + 1e6]).toEqual([true, true]);
    expect(answers.map(({ body }) => body.directive.id[14])).toEqual(Array(5).fill('7'));
  });
});

describe('a split', () => {
  const split = (groups: unknown, profile = 'user_id:ann') => decide({ split: { profile, groups }, reason: 'r' });
  const words = ({ body }: Awaited<ReturnType<typeof decide>>) =>
    body.directive.pairs.map(({ a, b, verb }) => `${verb} ${a} ${b}`).sort();

  test('ties each group to its anchor, keeps the anchors apart, and leaves alone what nobody names', async () => {
    const answer = await split([['user_id:ann', 'email:ann.lee@example.com'], ['phone:(201) 557-0123']]);
    expect(words(answer)).toEqual([
      'cannot phone:+12015570123 user_id:ann',
      'must email:ann.lee@example.com user_id:ann',
    ]);
    expect(answer.body.directive).toMatchObject({ kind: 'split', profileId: (await profileOf('user_id:ann')).id });
  });

  test('takes "rest" for all that the other groups do not name', async () => {
    expect(words(await split([['device_id:dev-1'], 'rest']))).toEqual([
      'cannot device_id:dev-1 user_id:ann',
      'must email:ann.lee@example.com user_id:ann',
      'must phone:+12015570123 user_id:ann',
    ]);
  });

  test('takes back earlier decisions that would keep the groups from being exactly these', async () => {
    await decide({ unlink: { a: 'email:ann.lee@example.com', b: 'phone:+12015570123' }, reason: 'r' });
    await decide({ must: { a: 'phone:+12015570123', b: 'device_id:dev-1' }, reason: 'r' });
    expect(words(await split([['device_id:dev-1'], 'rest']))).toEqual([
      'cannot device_id:dev-1 user_id:ann',
      'clear device_id:dev-1 phone:+12015570123',
      'clear email:ann.lee@example.com phone:+12015570123',
      'must email:ann.lee@example.com user_id:ann',
      'must phone:+12015570123 user_id:ann',
    ]);
  });

  test.each([
    [
      'an identifier in two groups',
      [['user_id:ann'], ['phone:+12015570123', 'user_id:ann']],
      /user_id:ann is named twice/,
    ],
    [
      'somebody else’s identifier',
      [['user_id:ann'], ['user_id:bob']],
      /user_id:bob is none of the profile’s identifiers: user_id:ann, email:/,
    ],
    ['two groups of the rest', [['user_id:ann'], 'rest', 'rest'], /"rest" can be one group only/],
    [
      'a rest of nobody',
      [['user_id:ann', 'email:ann.lee@example.com', 'phone:+12015570123'], ['device_id:dev-1'], 'rest'],
      /nothing is left for "rest"/,
    ],
  ])('is refused for %s', async (_what, groups, says) => {
    const { status, body } = await split(groups);
    expect([status, body.code, body.message]).toEqual([422, 'bad_directive', expect.stringMatching(says)]);
  });
});

/** What the loader reads. */
const LOADED = Object.values(TOPICS)
  .filter(({ readers }: { readonly readers: readonly string[] }) => readers.includes('@kenal/warehouse-loader'))
  .map(({ name }) => name);

test('a decision has taken effect when the state says that it is behind it, and is shown when the warehouse has what followed', async () => {
  const { body } = await decide(UNLINK);
  const ask = async (wait = 0) => (await shop.world.get(`${body.settled}&wait=${wait}`)).json();
  const advance = (offset: number) =>
    shop.world.state.advance([{ workspace: 'shop', partition: DIRECTIVES_APPLIED_PARTITION, offset }]);
  expect(await ask()).toEqual({ applied: false, settled: false });
  await advance(body.directive.position);
  expect(await ask()).toEqual({ applied: false, settled: false });
  const waiting = ask(30);
  await advance(body.directive.position + 1);
  const subscription: { it?: Subscription } = {};
  const ready = Promise.withResolvers<void>();
  subscription.it = await shop.world.log.subscribe({
    ...{ group: GROUPS.loader, topics: LOADED, maxBatchRecords: 1_000 },
    onBatch: async ({ topic, partition, records }: LogBatch) => {
      await ready.promise;
      await subscription.it?.commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
    },
  });
  expect(await ask()).toEqual({ applied: true, settled: false });
  ready.resolve();
  expect(await waiting).toEqual({ applied: true, settled: true });
  await subscription.it.stop();
  const other = await shop.world.get(body.settled, { 'x-read-key': KEYS.bank });
  expect(await other.json()).toEqual({ applied: false, settled: false });
});

test('a decision is found settled by who only looks in, while more comes in all the time, and stays so', async () => {
  const { world } = shop;
  const { body } = await decide(UNLINK);
  const ask = async (settled = body.settled) => (await world.get(settled)).json();
  await world.state.advance([
    { workspace: 'shop', partition: DIRECTIVES_APPLIED_PARTITION, offset: body.directive.position + 1 },
  ]);
  // A loader that is never at the end: before each commit there is one more, and it commits only after the next look
  let looked = Promise.withResolvers<void>();
  const loader: { it?: Subscription } = {};
  const more = () => world.log.append(TOPICS.receipts.name, [{ key: 'k', value: new Uint8Array([0]) }]);
  await more();
  loader.it = await world.log.subscribe({
    ...{ group: GROUPS.loader, topics: LOADED, maxBatchRecords: 1_000 },
    onBatch: async ({ topic, partition, records }: LogBatch) => {
      await more();
      await looked.promise;
      await loader.it?.commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
    },
  });
  const look = async () => {
    const answer = await ask();
    looked.resolve();
    looked = Promise.withResolvers();
    return answer;
  };
  try {
    expect(await look()).toEqual({ applied: true, settled: false });
    await expect.poll(look, { timeout: 10_000, interval: 1 }).toEqual({ applied: true, settled: true });
    expect(await look()).toEqual({ applied: true, settled: true });
    const before = body.settled.replace(/\d+$/, String(body.directive.position - 1));
    expect(await ask(before)).toEqual({ applied: true, settled: true });
  } finally {
    const stopped = loader.it.stop();
    looked.resolve();
    await stopped;
  }
});

test('why two identifiers are one person, or two, is explained by the links between them', async () => {
  const explain = async (a: string, b: string) =>
    (await shop.world.get(`/v1/profiles/${encodeURIComponent(a)}/explain?other=${encodeURIComponent(b)}`)).json();
  const { id: profileId } = await profileOf('user_id:ann');
  const at = '2026-03-01T10:00:00.000Z';
  const seen = (messageId: string) => ({
    ...{ class: 'deterministic', rule: 'link', sources: ['web'], weight: null, waterfall: null },
    ...{ first: { at, messageId }, last: { at, messageId } },
  });
  expect(await explain('email:Ann.Lee@example.com', 'device_id:dev-1')).toEqual({
    a: { identifier: 'email:ann.lee@example.com', profileId },
    b: { identifier: 'device_id:dev-1', profileId },
    samePerson: true,
    path: [
      { a: 'email:ann.lee@example.com', b: 'user_id:ann', ...seen('i1') },
      { a: 'user_id:ann', b: 'device_id:dev-1', ...seen('i3') },
    ],
    ...{ rejected: [], decisions: [], review: null, revokedSources: [] },
  });
  const apart = (await explain('email:ann.lee@example.com', 'user_id:cat')) as { rejected: object[] };
  expect(apart).toMatchObject({ samePerson: false, path: [] });
  expect(apart.rejected).toEqual([
    {
      ...{ a: 'user_id:ann', b: 'user_id:cat', ...seen('i5'), reason: 'limit:user_id' },
      why: 'a person has at most 1 user_id (identity.limits)',
    },
  ]);
  expect(await explain('device_id:dev-1', 'user_id:bob')).toMatchObject({ samePerson: false, path: [] });
  expect(await explain('user_id:ann', 'user_id:nobody')).toMatchObject({ code: 'not_found' });
});
