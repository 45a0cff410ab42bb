import { DIRECTIVES_PARTITION, POSITION_HEADER } from '@kenal/contracts';
import { systemClock } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';

const SECOND = 1_000_000;
let ahead = 0;
const shop = useShop({ clock: () => systemClock() + ahead });

interface Answer {
  readonly code: string;
  readonly message: string;
  readonly key: string;
  readonly token: string;
  readonly expiresAt: string;
  readonly id: string;
  readonly openCases: unknown;
  readonly lastContact: unknown;
  readonly nextBest: unknown;
  readonly quality: unknown;
  readonly data: readonly { readonly type: string }[];
  readonly identifiers: readonly { readonly type: string }[];
  readonly profiles: readonly {
    readonly ref: string;
    readonly profile: Answer | null;
    readonly error: Answer | null;
  }[];
}

const read = async (path: string, key: string) => {
  const reply = await fetch(`${shop.world.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return { status: reply.status, body: (await reply.json()) as Answer };
};
const post = async (path: string, body: unknown, key: string = KEYS.shop) => {
  const headers = { authorization: `Bearer ${key}` };
  const reply = await fetch(`${shop.world.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: reply.status, body: (await reply.json()) as Answer };
};
const keyWith = async (name: string, fields: readonly string[]) =>
  (await post('/v1/keys', { name, verbs: ['profiles'], fields }, KEYS.steward)).body.key;
const typesOf = ({ identifiers }: Answer) => identifiers.map(({ type }) => type);

test('a key with fields shows these and no others, on every route that shows people', async () => {
  const key = await keyWith('phones', ['identifiers.phone', 'traits.first_name']);
  const seen = await read('/v1/profiles/user_id:ann', key);
  expect([seen.status, typesOf(seen.body)]).toEqual([200, ['phone']]);
  const space = '/v1/spaces/any/collections/users/profiles/user_id:ann';
  expect(JSON.stringify((await read(`${space}/external_ids`, key)).body)).not.toContain('ann.lee@');
  expect((await read('/v1/profiles/user_id:ann/identifiers', key)).body.identifiers).toHaveLength(1);
  expect((await read('/v1/profiles/user_id:ann?details=true', key)).body).toMatchObject({ refusedLinks: [] });
  const { body } = await post('/v1/profiles/batch', { profiles: ['user_id:ann'] }, key);
  expect(typesOf(body.profiles[0]!.profile!)).toEqual(['phone']);
  for (const path of ['/user_id:ann/timeline', '/user_id:ann/explain?other=user_id:bob', '?query=ann'])
    expect((await read(`/v1/profiles${path}`, key)).status).toBe(403);
  expect((await read(`${space}/events`, key)).status).toBe(403);
});

test('a caller chooses fields, and never sees more than the key shows', async () => {
  const mails = await read('/v1/profiles/user_id:ann?fields=identifiers.email', KEYS.shop);
  expect(typesOf(mails.body)).toEqual(['email']);
  const key = await keyWith('ids', ['identifiers.user_id']);
  expect((await read('/v1/profiles/user_id:ann?fields=identifiers.email,traits', key)).body.identifiers).toEqual([]);
  expect(await read('/v1/profiles/user_id:ann?fields=money', KEYS.shop)).toMatchObject({
    status: 400,
    body: { code: 'bad_query', message: expect.stringContaining('identifiers') },
  });
});

test('fields are honoured by every part, and what asks for nothing of a part is told so', async () => {
  const person = '/v1/profiles/user_id:ann';
  const space = '/v1/spaces/any/collections/users/profiles/user_id:ann';
  const card = (await read(`${person}/card?fields=identifiers.email`, KEYS.shop)).body;
  expect([typesOf(card), card.openCases, card.lastContact, card.nextBest]).toEqual([['email'], null, null, null]);
  expect(typesOf((await read(`${person}/identifiers?fields=identifiers.phone`, KEYS.shop)).body)).toEqual(['phone']);
  const ids = (await read(`${space}/external_ids?fields=identifiers.phone`, KEYS.shop)).body;
  expect(ids.data.map(({ type }) => type)).toEqual(['phone']);
  for (const part of ['timeline', 'orders'])
    expect((await read(`${person}/${part}?fields=${part}`, KEYS.shop)).status, part).toBe(200);
  const paths = ['timeline', 'orders', 'traits', 'scores', 'identifiers'].map((part) => `${person}/${part}`);
  for (const path of [...paths, ...['events', 'traits', 'external_ids'].map((part) => `${space}/${part}`)]) {
    const { status, body } = await read(`${path}?fields=consent`, KEYS.shop);
    expect([status, body.message], path).toEqual([400, expect.stringContaining('consent asks for nothing of ')]);
  }
});

test('what a key may not see is closed where it is asked for by itself', async () => {
  const key = await keyWith('consent', ['consent']);
  for (const part of ['timeline', 'orders', 'traits', 'scores', 'identifiers'])
    expect(await read(`/v1/profiles/user_id:ann/${part}`, key), part).toMatchObject({
      ...{ status: 403, body: { message: expect.stringContaining('shows consent only') } },
    });
  expect((await read('/v1/profiles/user_id:ann', key)).status).toBe(200);
});

test('who sees some fields is told by nothing when others move', async () => {
  const key = await keyWith('mails', ['traits.mail_ok', 'identifiers.email']);
  const user = [
    { type: 'user_id', value: 'eva' },
    { type: 'email', value: 'eva@example.com' },
  ];
  const said = (id: string, traits: object) => ({
    id,
    type: 'identify' as const,
    identifiers: user,
    traits: JSON.stringify(traits),
    receivedAt: 1e15,
    occurredAt: 1e15,
  });
  const asked = async (tag = '') => {
    const headers = { authorization: `Bearer ${key}`, ...(tag === '' ? {} : { 'if-none-match': tag }) };
    return fetch(`${shop.world.url}/v1/profiles/user_id:eva`, { headers });
  };
  await shop.world.feed('shop', [said('e1', { mail_ok: true })]);
  const first = await asked();
  const { quality } = (await first.json()) as Answer;
  await shop.world.feed('shop', [said('e2', { name: 'Eva Lee', birthday: '1990-01-01' })]);
  const tag = first.headers.get('etag') ?? '';
  expect((await asked(tag)).status).toBe(304);
  expect(((await (await asked()).json()) as Answer).quality).toEqual(quality);
  await shop.world.feed('shop', [said('e3', { mail_ok: false })]);
  expect((await asked(tag)).status).toBe(200);
});

test('a name in the query that a route does not know is refused, and a key in it is none of those', async () => {
  const person = '/v1/profiles/user_id:ann';
  for (const [path, hint] of [
    ['/timeline?types=track', 'types: there is no such option, did you mean type?'],
    ['?field=traits.email', 'field: there is no such option, did you mean fields?'],
    ['/scores?bogus=1', 'bogus: there is no such option'],
  ] as const)
    expect(await read(`${person}${path}`, KEYS.shop), path).toMatchObject({
      ...{ status: 400, body: { code: 'bad_query', message: expect.stringContaining(hint) } },
    });
  for (const name of ['key', 'password'])
    for (const path of [`${person}/timeline?limit=1&`, `${person}?`, '/v1/status?'])
      expect((await fetch(`${shop.world.url}${path}${name}=${KEYS.shop}`)).status, path).toBe(200);
});

test('many people are read at once, in the order in which they were asked for; who is not there is named', async () => {
  const refs = ['email:ann.lee@example.com', 'user_id:nobody', 'user_id:bob', 'emial:x', 'user_id:ann'];
  const { status, body } = await post('/v1/profiles/batch', { profiles: refs, fields: ['identifiers.user_id'] });
  expect(status).toBe(200);
  expect(body.profiles.map(({ ref }) => ref)).toEqual(refs);
  expect(body.profiles.map(({ error }) => error?.code ?? null)).toEqual([null, 'not_found', null, 'not_found', null]);
  expect(body.profiles[0]!.profile).toEqual(body.profiles[4]!.profile);
  expect(body.profiles[3]!.error!.message).toContain('did you mean email?');
  expect((await post('/v1/profiles/batch', { profiles: Array(501).fill('user_id:ann') })).status).toBe(400);
});

test('a token shows the data of its person, and of nobody else, until it ends', async () => {
  const issued = await post('/v1/profiles/email:ann.lee@example.com/token', { seconds: 60 });
  expect(issued.status).toBe(201);
  const { token, id } = issued.body;
  expect((await read('/v1/profiles/me', token)).body.id).toBe(id);
  expect((await read('/v1/profiles/me/timeline', token)).status).toBe(200);
  for (const path of ['/v1/profiles/user_id:bob', `/v1/profiles/${id}`])
    expect(await read(path, token)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  for (const path of [
    '/v1/profiles?query=ann',
    '/v1/interactions',
    '/v1/keys',
    '/v1/profiles/me/explain?other=user_id:bob',
  ])
    expect((await read(path, token)).status).toBe(401);
  expect((await read('/v1/orders/1001', token)).body.message).toContain('opens GET /v1/profiles/me and its parts only');
  expect((await post('/v1/profiles/me/token', {}, token)).status).toBe(401);
  expect((await read('/v1/profiles/me', KEYS.shop)).status).toBe(400);
  ahead = 58 * SECOND;
  expect((await read('/v1/profiles/me', token)).status).toBe(200);
  ahead = 61 * SECOND;
  expect(await read('/v1/profiles/me', token)).toMatchObject({
    ...{ status: 401, body: { code: 'unknown_key', message: expect.stringContaining('is over') } },
  });
  ahead = 0;
});

test('a token holds for an hour at most', async () => {
  const ask = (seconds: number) => post('/v1/profiles/user_id:ann/token', { seconds });
  expect((await ask(3_600)).status).toBe(201);
  expect(await ask(3_601)).toMatchObject({ status: 400, body: { code: 'bad_body' } });
});

test('a packed body is refused as such, and not as JSON that is none', async () => {
  for (const path of ['/v1/profiles/batch', '/v1/webhooks', '/v1/keys'])
    for (const coding of ['gzip', 'br', 'zstd']) {
      const reply = await shop.world.post(path, '{}', { 'content-encoding': coding });
      expect([reply.status, ((await reply.json()) as Answer).code]).toEqual([415, 'packed_body']);
    }
  const plain = await shop.world.post('/v1/profiles/batch', { profiles: [] }, { 'content-encoding': 'identity' });
  expect(plain.status).toBe(400);
});

test('a token of another workspace, one that is altered, and one without a signature open nothing', async () => {
  const { token } = (await post('/v1/profiles/user_id:ann/token', {})).body;
  const [head, claims, signature] = token.split('.') as [string, string, string];
  const forged = (change: object): string => {
    const said = { ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), ...change };
    return `${head}.${Buffer.from(JSON.stringify(said)).toString('base64url')}.${signature}`;
  };
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
  for (const wrong of [forged({ aud: 'bank' }), forged({ sub: 'somebody' }), forged({ exp: 9e9 }), none])
    expect(await read('/v1/profiles/me', wrong)).toMatchObject({ status: 401, body: { code: 'unknown_key' } });
  expect((await post('/v1/profiles/user_id:ann/token', {}, KEYS.bank)).body.code).toBe('no_signing_key');
});

test('a token ends with an erasure of its person, and does not open whoever comes under the same id after', async () => {
  const dan = [{ type: 'user_id', value: 'dan' }];
  await shop.world.feed('shop', [{ id: 'd1', identifiers: dan }]);
  const issue = async () => (await post('/v1/profiles/user_id:dan/token', {})).body.token;
  const before = await issue();
  expect((await read('/v1/profiles/me', before)).status).toBe(200);
  const { body } = await shop.decide({ erase: { profile: 'user_id:dan' }, reason: 'asked' });
  await shop.world.feed('shop', [{ id: 'd2', identifiers: dan, receivedAt: Date.now() * 1_000 + 1_000 }]);
  const carriedOut = { partition: DIRECTIVES_PARTITION, offset: body.directive.position + 1 };
  await shop.world.state.advance([{ workspace: 'shop', ...carriedOut }]);
  expect(await read('/v1/profiles/me', before)).toMatchObject({
    ...{ status: 401, body: { message: expect.stringContaining('before its person was erased') } },
  });
  expect((await read('/v1/profiles/me', await issue())).status).toBe(200);
});

test('a token shows no more than the key that asked for it', async () => {
  const key = await keyWith('narrow', ['identifiers']);
  expect((await post('/v1/profiles/user_id:ann/token', { fields: ['identifiers.email', 'traits'] }, key)).status).toBe(
    403,
  );
  const { token } = (await post('/v1/profiles/user_id:ann/token', { fields: ['identifiers.email'] }, key)).body;
  expect(typesOf((await read('/v1/profiles/me', token)).body)).toEqual(['email']);
});

test('a position that is none is refused, and one that never comes is waited for as long as the caller prefers', async () => {
  const asked = (position: string) =>
    shop.world.get('/v1/profiles/user_id:ann', { [POSITION_HEADER]: position, prefer: 'wait=1' });
  expect((await asked('soon')).status).toBe(400);
  const began = performance.now();
  const late = await asked('0-900000');
  expect([late.status, ((await late.json()) as Answer).code]).toEqual([503, 'unavailable']);
  expect(performance.now() - began).toBeGreaterThan(950);
});

test('every read of people waits for what was written, and one of many people once', async () => {
  const position = { [POSITION_HEADER]: '0-900000', prefer: 'wait=0' };
  for (const path of ['/v1/profiles?query=ann', '/v1/profiles/user_id:ann/explain?other=user_id:bob'])
    expect((await shop.world.get(path, position)).status, path).toBe(503);
  await shop.world.state.advance([{ workspace: 'shop', partition: 0, offset: 1 }]);
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  const headers = { authorization: `Bearer ${KEYS.shop}`, [POSITION_HEADER]: '0-0' };
  const body = JSON.stringify({ profiles: Array(20).fill('user_id:ann') });
  const reply = await fetch(`${shop.world.url}/v1/profiles/batch`, { method: 'POST', headers, body });
  process.off('warning', hear);
  expect([reply.status, warnings]).toEqual([200, []]);
});

test('more words than a search looks for are refused', async () => {
  expect((await read('/v1/profiles?query=1+2+3+4+5+6+7+8', KEYS.shop)).status).toBe(200);
  expect((await read('/v1/profiles?query=1+2+3+4+5+6+7+8+9', KEYS.shop)).body.message).toContain('at most 8 words');
});
