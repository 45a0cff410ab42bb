import {
  DIRECTIVES_APPLIED_PARTITION,
  type Directive,
  GROUPS,
  type LogBatch,
  parseTime,
  type Subscription,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createTopicWriter } from '@kenal/event-log';
import { erasureHash, rulesetHash } from '@kenal/service-kit';
import { applyErased } from '@kenal/warehouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERASURE_KEY, KEYS, startWorld, type World } from '../testing/world.ts';
import type { DirectiveView } from './schemas.ts';

const TOPIC = TOPICS.directives.name;
const { decode } = createCodec<Directive>('directive');
const id = (type: string, value: string) => ({ type, value });
const UNLINK = { unlink: { a: 'email:ann.lee@example.com', b: 'user_id:ann' }, reason: 'two people' };

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const ann = [id('user_id', 'ann'), id('email', 'Ann.Lee@Example.com')];
  await world.feed('shop', [
    { id: 'i1', type: 'identify', identifiers: ann },
    { id: 'i2', identifiers: [id('user_id', 'ann'), id('phone', '+12015570123')], clientAt: 1e15, occurredAt: 1e15 },
    { id: 'i3', identifiers: [id('user_id', 'ann'), id('device_id', 'dev-1')] },
    { id: 'i4', identifiers: [id('user_id', 'bob'), id('email', 'bob@example.com')] },
    { id: 'i5', identifiers: [id('user_id', 'ann'), id('user_id', 'cat')] },
    { id: 'i6', identifiers: [id('user_id', 'cat')], source: 'import-7' },
  ]);
  await world.feed('bank', [{ id: 'b1', identifiers: ann }]);
});
afterAll(async () => world[Symbol.asyncDispose]());

interface Answer {
  readonly code: string;
  readonly message: string;
  readonly settled: string;
  readonly directive: DirectiveView;
  readonly directives: readonly DirectiveView[];
  readonly cursor: string | null;
}
const read = async (reply: Promise<Response>) => {
  const { status, headers, ...rest } = await reply;
  const answer = await reply;
  return { ...rest, status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer };
};
const decide = (body: unknown, headers = {}) => read(world.post('/v1/directives', body, headers));
const list = async (query = '') => (await read(world.get(`/v1/directives${query}`))).body;
const logged = async () =>
  (await world.log.read({ topic: TOPIC, partition: 0, offset: 0 }, { records: 1_000 })).slice();
const profileOf = async (ref: string) => (await (await world.get(`/v1/profiles/${ref}`)).json()) as { id: string };

/** Into the warehouse, as the loader does. */
async function load(): Promise<void> {
  const rows = (await logged()).map(({ value, offset }) => {
    const directive = decode(value);
    return {
      ...{ workspace: directive.workspace, directive_id: directive.id, issued_at: `${directive.issuedAt / 1e6}` },
      ...{ kind: directive.kind, actor: directive.actor, reason: directive.reason, source: directive.source ?? '' },
      pairs: directive.pairs.map(({ detail: _, ...pair }) => pair),
      ...{ profile_id: directive.profileId ?? '', erased: directive.erased.length, log_offset: offset },
      ...{ owner: directive.consent?.owner ?? '', purpose: directive.consent?.purpose ?? '' },
      ...{
        granted: directive.consent?.granted ?? null,
        document: directive.document ?? '',
        model: directive.model ?? '',
      },
    };
  });
  await world.warehouse.insert('kenal.directive_rows', rows);
}

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
    await createTopicWriter<Directive>(world.log, 'directives').append(
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

  test('takes its place after one of a clock that is ahead, and as an erasure only what came until it was asked for', async () => {
    const person = [id('user_id', 'eve-ahead')];
    const asked = Date.now() * 1_000;
    await decide(UNLINK);
    const { value } = (await logged()).at(-1)!;
    const ahead = { ...decode(value), id: 'ahead', issuedAt: asked + 700e6 };
    await createTopicWriter<Directive>(world.log, 'directives').append([{ key: 'shop', value: ahead }]);
    await world.feed('shop', [{ id: 'eve-1', identifiers: person, receivedAt: asked }]);
    const { body } = await decide({ erase: { profile: 'user_id:eve-ahead' }, reason: 'request 21' });
    expect(parseTime(body.directive.issuedAt)).toBeGreaterThan(asked + 500e6);
    await world.feed('shop', [{ id: 'eve-2', identifiers: person, receivedAt: Date.now() * 1_000 + 5_000 }]);
    const answer = await world.get('/v1/interactions?limit=100');
    const { interactions } = (await answer.json()) as { interactions: { id: string }[] };
    expect(interactions.map((one) => one.id).filter((one) => one.startsWith('eve-'))).toEqual(['eve-2']);
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

describe('an erasure', () => {
  test('carries a keyed hash of every identifier, and no word of the person', async () => {
    const { id: profileId } = await profileOf('user_id:ann');
    const { body } = await decide({ erase: { profile: 'email:ann.lee@example.com' }, reason: 'request 17' });
    expect(body.directive).toMatchObject({ kind: 'erase', profileId, erased: 4, pairs: [] });
    const { value } = (await logged())[body.directive.position]!;
    const keys = ['user_id:ann', 'email:ann.lee@example.com', 'phone:+12015570123', 'device_id:dev-1'];
    expect(decode(value).erased.sort()).toEqual(keys.map((key) => erasureHash(ERASURE_KEY, key)).sort());
    expect(Buffer.from(value).toString('latin1')).not.toMatch(/ann|lee|2015570123|dev-1/i);
  });

  test('takes what the person did before out of what came in last, and nothing that anybody does after', async () => {
    const tail = async () =>
      (
        (await (await world.get('/v1/interactions?limit=100')).json()) as { interactions: { id: string }[] }
      ).interactions
        .map((one) => one.id)
        .sort();
    await world.feed('shop', [{ id: 'd1', identifiers: [id('user_id', 'dan')] }]);
    expect(await tail()).toContain('d1');
    const { body } = await decide({ erase: { profile: 'user_id:dan' }, reason: 'request 19' });
    const before = await tail();
    expect(before).not.toContain('d1');
    const receivedAt = (parseTime(body.directive.issuedAt) ?? 0) + 1;
    await world.feed('shop', [{ id: 'd2', identifiers: [id('user_id', 'dan')], receivedAt }]);
    expect(await tail()).toEqual([...before, 'd2'].sort());
  });

  test('is also the DELETE of a profile', async () => {
    const remove = (query: string, key: string = KEYS.steward) =>
      read(
        fetch(`${world.url}/v1/profiles/user_id:bob${query}`, { method: 'DELETE', headers: { 'x-steward-key': key } }),
      );
    const { status, body } = await remove('?reason=request%2018&actor=Eve');
    expect([status, body.directive.kind, body.directive.erased]).toEqual([202, 'erase', 2]);
    expect((await remove('')).status).toBe(400);
    expect((await remove('?reason=x', KEYS.shop)).status).toBe(403);
  });

  test('is refused where its reason names the person, and without an erasure key', async () => {
    const erase = { profile: 'user_id:ann' };
    const named = await decide({ erase, reason: 'mail of Ann.Lee@example.com' });
    expect([named.status, named.body.message]).toEqual([422, expect.stringMatching(/leave email of the person out/)]);
    expect((await decide({ erase, reason: 'r', actor: '+12015570123' })).status).toBe(422);
    const bank = await decide({ erase, reason: 'r' }, { 'x-steward-key': KEYS.bankSteward });
    expect([bank.status, bank.body.code]).toEqual([409, 'no_erasure_key']);
    expect(bank.body.message).toMatch(
      /set workspaces.erasureKey of workspace bank in kenal.yaml to env:NAME.*`openssl rand -hex 32`/,
    );
  });
});

describe('refused, with what to do', () => {
  const [a, b] = ['user_id:ann', 'user_id:bob'];
  test.each<[string, unknown, number, string, RegExp]>([
    ['no JSON', '{"unlink"', 400, 'bad_json', /send a JSON object, such as \{"unlink"/],
    ['no decision', { reason: 'r' }, 400, 'bad_body', /must hold one decision, not none: must, unlink, revoke/],
    ['two decisions', { must: { a, b }, clear: { a, b }, reason: 'r' }, 400, 'bad_body', /not must and clear/],
    ['no reason', { must: { a, b } }, 400, 'bad_body', /reason: it is missing; must be text that says why/],
    ['an empty reason', { must: { a, b }, reason: '  ' }, 400, 'bad_body', /reason: .*must say why/],
    [
      'a misspelt decision',
      { unlnk: { a, b }, reason: 'r' },
      400,
      'bad_body',
      /unlnk: there is no such option, did you mean unlink\?/,
    ],
    ['one end', { must: { a }, reason: 'r' }, 400, 'bad_body', /must\.b: it is missing/],
    [
      'a hidden key',
      '{"must":{"a":"x:1","b":"x:2","__proto__":{}},"reason":"r"}',
      400,
      'bad_body',
      /__proto__ is refused/,
    ],
    [
      'one group',
      { split: { profile: a, groups: [[a]] }, reason: 'r' },
      400,
      'bad_body',
      /two groups at least; "rest"/,
    ],
    [
      'the same twice',
      { unlink: { a: 'email:Ann.Lee@example.com', b: 'email:ann.lee@EXAMPLE.com' }, reason: 'r' },
      422,
      'bad_directive',
      /both ends are email:ann.lee@example.com/,
    ],
    [
      'a stranger',
      { must: { a, b: 'email:who@example.com' }, reason: 'r' },
      404,
      'not_found',
      /nobody ever sent email:who@example.com/,
    ],
    ['an unknown type', { must: { a, b: 'emial:x@y.z' }, reason: 'r' }, 404, 'not_found', /did you mean email\?/],
    [
      'a blocked value',
      { must: { a, b: 'email:noreply@example.com' }, reason: 'r' },
      400,
      'bad_query',
      /many people read such a mailbox/,
    ],
    [
      'an unknown profile',
      { erase: { profile: 'nobody' }, reason: 'r' },
      404,
      'not_found',
      /no profile has the id nobody/,
    ],
    [
      'an unknown source',
      { revoke: { source: 'wbe' }, reason: 'r' },
      404,
      'not_found',
      /nothing ever came from a source wbe, did you mean web\?/,
    ],
    [
      'a pattern that is none',
      { ruleset: { identity: { blockedPatterns: ['email:(oops'] } }, reason: 'r' },
      400,
      'bad_body',
      /ruleset\..*oops/,
    ],
    [
      'rules with a fault',
      { ruleset: { identity: { limits: { emial: 1 } } }, reason: 'r' },
      400,
      'bad_body',
      /ruleset\.identity\.limits\.emial: .*did you mean email/,
    ],
    ['a model with a fault', { model: { version: 'x' }, reason: 'r' }, 400, 'bad_body', /seed: it is missing/],
    [
      'a consent to nothing',
      { consent: { profile: a, purpose: '', granted: true }, reason: 'r' },
      400,
      'bad_body',
      /consent\.purpose: .*must not be empty/,
    ],
  ])('%s', async (_what, body, status, code, says) => {
    const before = (await logged()).length;
    const answer = await decide(body);
    expect([answer.status, answer.body.code, answer.body.message]).toEqual([status, code, expect.stringMatching(says)]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await logged()).length).toBe(before);
  });

  test('a read key, which is told which one it takes; a stranger; people of another workspace', async () => {
    const asReader = await decide(UNLINK, { 'x-steward-key': KEYS.shop });
    expect([asReader.status, asReader.body.code]).toEqual([403, 'forbidden']);
    expect(asReader.body.message).toMatch(/takes a steward key of workspace shop: workspaces.stewardKeys/);
    expect((await decide(UNLINK, { 'x-steward-key': 'nope' })).status).toBe(401);
    const elsewhere = await decide(
      { must: { a: 'user_id:ann', b: 'user_id:bob' }, reason: 'r' },
      { 'x-steward-key': KEYS.bankSteward },
    );
    expect([elsewhere.status, elsewhere.body.message]).toEqual([
      404,
      expect.stringMatching(/nobody ever sent user_id:bob/),
    ]);
  });
});

describe('the audit', () => {
  beforeAll(load);

  test('lists every decision, newest first, page by page, to whoever may read', async () => {
    const all: DirectiveView[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = await list(`?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      all.push(...page.directives);
      cursor = page.cursor;
    }
    const records = (await logged()).map(({ value }) => decode(value)).filter(({ workspace }) => workspace === 'shop');
    expect(all.map((one) => one.id).sort()).toEqual(records.map((one) => one.id).sort());
    const times = all.map(({ issuedAt }) => parseTime(issuedAt) ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(all.at(-1)).toMatchObject({
      reason: 'they share a mailbox',
      ...{ kind: 'unlink', actor: expect.stringMatching(/^Eve \(key/), position: 0, pairCount: 1 },
      pairs: [{ a: 'email:ann.lee@example.com', b: 'user_id:ann', verb: 'cannot', weight: null }],
    });
  });

  test.each([
    ['?kind=erase,consent', ({ kind }: DirectiveView) => kind === 'erase' || kind === 'consent'],
    ['?actor=eve', ({ actor }: DirectiveView) => actor.startsWith('Eve')],
    ['?since=2199-01-01', ({ issuedAt }: DirectiveView) => issuedAt > '2199'],
    [
      '?identifier=email:ANN.LEE@example.com',
      ({ pairs, consent }: DirectiveView) =>
        [consent?.owner, ...pairs.flatMap((pair) => [pair.a, pair.b])].includes('email:ann.lee@example.com'),
    ],
  ])('can be asked for a part: %s', async (query, wanted) => {
    const all = (await list('?limit=500')).directives;
    const some = (await list(`${query}&limit=500`)).directives;
    expect(some).toEqual(all.filter(wanted));
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
  });

  test('names what is wrong with a question', async () => {
    for (const [query, says] of [
      ['?kind=unlnk', /there is no kind unlnk, did you mean unlink\?/],
      ['?since=yesterday', /since is not a time/],
      ['?cursor=x', /cursor is not one/],
      ['?identifier=email:x', /no e-mail address/],
    ] as const)
      expect(await list(query)).toMatchObject({ code: 'bad_query', message: expect.stringMatching(says) });
  });

  test('shows another workspace nothing, and of an erased person no word', async () => {
    expect((await read(world.get('/v1/directives', { 'x-read-key': KEYS.bank }))).body.directives).toEqual([]);
    const keys = ['email:ann.lee@example.com', 'user_id:ann', 'phone:+12015570123', 'device_id:dev-1'];
    const before = JSON.stringify(await list('?limit=500'));
    for (const key of keys) expect(before).toContain(key);
    const ver = Date.UTC(2201, 0) * 1_000;
    await applyErased(
      world.warehouse,
      keys.map((key) => ({ workspace: 'shop', key, ver })),
    );
    const { directives } = await list('?limit=500');
    for (const key of keys) expect(JSON.stringify(directives)).not.toContain(key);
    expect(directives.length).toBe((JSON.parse(before) as Answer).directives.length);
    expect(directives.at(-1)).toMatchObject({ reason: null, pairs: [{ a: null, b: null, verb: 'cannot' }] });
  });
});

test('a decision has taken effect when the state says that it is behind it, and is shown when the warehouse has what followed', async () => {
  const { body } = await decide(UNLINK);
  const ask = async (wait = 0) => (await world.get(`${body.settled}&wait=${wait}`)).json();
  const advance = (offset: number) =>
    world.state.advance([{ workspace: 'shop', partition: DIRECTIVES_APPLIED_PARTITION, offset }]);
  expect(await ask()).toEqual({ applied: false, settled: false });
  await advance(body.directive.position);
  expect(await ask()).toEqual({ applied: false, settled: false });
  const waiting = ask(30);
  await advance(body.directive.position + 1);
  const topics = [TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.receipts, TOPICS.directives];
  const subscription: { it?: Subscription } = {};
  const ready = Promise.withResolvers<void>();
  subscription.it = await world.log.subscribe({
    ...{ group: GROUPS.loader, topics: topics.map(({ name }) => name), maxBatchRecords: 1_000 },
    onBatch: async ({ topic, partition, records }: LogBatch) => {
      await ready.promise;
      await subscription.it?.commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
    },
  });
  expect(await ask()).toEqual({ applied: true, settled: false });
  ready.resolve();
  expect(await waiting).toEqual({ applied: true, settled: true });
  await subscription.it.stop();
  const other = await world.get(body.settled, { 'x-read-key': KEYS.bank });
  expect(await other.json()).toEqual({ applied: false, settled: false });
});

test('why two identifiers are one person, or two, is explained by the links between them', async () => {
  const explain = async (a: string, b: string) =>
    (await world.get(`/v1/profiles/${encodeURIComponent(a)}/explain?other=${encodeURIComponent(b)}`)).json();
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
    rejected: [],
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
