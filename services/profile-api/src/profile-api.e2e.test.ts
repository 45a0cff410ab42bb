import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validDescription } from '../../../test/support/openapi.ts';
import { KEYS, startWorld, type World } from './testing/world.ts';

const SECOND = 1_000_000;
const AT = Date.UTC(2026, 2, 1, 10) * 1_000;
const id = (type: string, value: string) => ({ type, value });

let world: World;

beforeAll(async () => {
  world = await startWorld();
  const ann = [id('user_id', 'u/1+x'), id('email', 'Ann.Lee@Example.com')];
  await world.feed('shop', [
    {
      ...{ id: 'i1', type: 'identify', identifiers: ann, occurredAt: AT, clientAt: AT },
      traits: JSON.stringify({ firstName: 'Ann', lastName: 'Lee', plan: 'gold' }),
    },
    ...Array.from({ length: 12 }, (_, n) => ({
      ...{
        id: `v${n}`,
        name: n % 3 === 0 ? 'Order Completed' : 'Product Viewed',
        channel: n % 2 ? ('chat' as const) : ('web' as const),
      },
      ...{ identifiers: ann.slice(0, 1), amount: n % 3 === 0 ? '19.90' : null, currency: n % 3 === 0 ? 'EUR' : null },
      ...{
        properties: JSON.stringify({ n, items: [{ sku: 'a' }] }),
        occurredAt: AT + (n + 1) * SECOND,
        receivedAt: AT + (n + 1) * SECOND,
      },
    })),
    {
      ...{ id: 'b1', type: 'identify', identifiers: [id('email', 'bob@example.com'), id('phone', '+12015570123')] },
      traits: JSON.stringify({ name: 'Bob Stone' }),
    },
  ]);
  await world.feed('bank', [
    { id: 'x1', type: 'identify', identifiers: [id('email', 'ann.lee@example.com')], traits: '{"secret":"bank"}' },
  ]);
});
afterAll(async () => world[Symbol.asyncDispose]());

interface Item {
  readonly id: string;
  readonly type: string;
  readonly message_id: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

/** What the tests read of answers. */
interface Answer {
  readonly id: string;
  readonly code: string;
  readonly cursor: string;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly traitDetails?: Readonly<Record<string, unknown>>;
  readonly refusedLinks?: unknown;
  readonly metadata: { readonly created_at: string };
  readonly counts: unknown;
  readonly failed: readonly unknown[];
  readonly identifiers: readonly Item[];
  readonly interactions: readonly Item[];
  readonly profiles: readonly Item[];
  readonly data: readonly Item[];
}
type SegmentPage = Pick<Answer, 'data' | 'traits'> & {
  readonly cursor: { readonly next: string; readonly limit: number };
};

const json = async <T = Answer>(path: string, headers?: Record<string, string>) => {
  const answer = await world.get(path, headers);
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T };
};

describe('one person', () => {
  test('is found by any identifier however it is written, and by id', async () => {
    const { status, body } = await json('/v1/profiles/user_id:u%2F1%2Bx');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      workspace: 'shop',
      traits: { firstName: 'Ann', lastName: 'Lee', plan: 'gold' },
      firstSeen: '2026-03-01T10:00:00.000Z',
      lastSeen: expect.stringMatching(/^2026-03-01T10:00/),
    });
    expect(body.identifiers.map(({ type }) => type)).toEqual(['user_id', 'email']);
    expect(body.traitDetails).toBeUndefined();
    for (const ref of ['email:ann.lee%40example.com', 'email:ANN.LEE@EXAMPLE.COM', 'user_id:u%2F1+x', body.id])
      expect((await json(`/v1/profiles/${ref}`)).body.id, ref).toBe(body.id);
    expect((await json('/v1/profiles/phone:(201)%20557-0123')).body.traits).toEqual({ name: 'Bob Stone' });
  });

  test('comes with source, time and event of each trait on request', async () => {
    const at = '2026-03-01T10:00:00.000Z';
    const expected = { value: 'gold', source: 'web', at, messageId: 'i1', confirmedAt: at, survivorship: 'newest' };
    expect((await json('/v1/profiles/user_id:u%2F1+x?details=true')).body.traitDetails?.plan).toEqual(expected);
    expect((await json('/v1/profiles/user_id:u%2F1+x/traits')).body.traits.plan).toEqual(expected);
    const { body } = await json('/v1/profiles/user_id:u%2F1+x/identifiers');
    expect(body.identifiers[1]).toMatchObject({ type: 'email', firstSeen: '2026-03-01T10:00:00.000Z' });
  });

  test('names on request what came with it and is somebody else’s, and so does the answer for whom nobody else named', async () => {
    await world.feed('shop', [
      { id: 'al1', type: 'alias', identifiers: [id('user_id', 'new-id'), id('user_id', 'old-id')] },
    ]);
    const { body } = await json('/v1/profiles/user_id:new-id?details=true');
    expect(body.refusedLinks).toEqual([
      {
        ...{ own: 'user_id:new-id', other: 'user_id:old-id', type: 'user_id', limit: 1, reason: 'limit:user_id' },
        class: 'deterministic',
        why: 'a person has at most 1 user_id (identity.limits)',
      },
    ]);
    expect((await json('/v1/profiles/user_id:new-id')).body.refusedLinks).toBeUndefined();
    const other = await world.get('/v1/profiles/user_id:old-id');
    expect([other.status, ((await other.json()) as { message: string }).message]).toEqual([
      404,
      expect.stringMatching(/it only came together with user_id:new-id, and a person has at most 1 user_id/),
    ]);
    expect((await json('/v1/profiles/user_id:u%2F1+x?details=true')).body.refusedLinks).toEqual([]);
  });

  test('is not sent again while nothing changed', async () => {
    const { headers } = await json('/v1/profiles/email:bob@example.com');
    const tag = headers.get('etag') ?? '';
    expect((await world.get('/v1/profiles/email:bob@example.com', { 'if-none-match': tag })).status).toBe(304);
  });

  test('keeps every id that it ever had after a merge', async () => {
    await world.feed('shop', [{ id: 'd1', identifiers: [id('anonymous_id', 'browser-1')] }]);
    const before = (await json('/v1/profiles/anonymous_id:browser-1')).body.id;
    await world.feed('shop', [{ id: 'd2', identifiers: [id('anonymous_id', 'browser-1'), id('user_id', 'dora')] }]);
    const after = (await json('/v1/profiles/user_id:dora')).body.id;
    expect(after).not.toBe(before);
    expect((await json(`/v1/profiles/${before}`)).body.id).toBe(after);
    // The row of d1 was written under the old profile; the timeline asks by owner
    const { body } = await json(`/v1/profiles/${before}/timeline`);
    expect(body.interactions.map((one) => one.id).sort()).toEqual(['d1', 'd2']);
  });

  test.each([
    ['/v1/profiles/user_id:nobody', 404, 'not_found'],
    ['/v1/profiles/00000000-0000-5000-8000-000000000000', 404, 'not_found'],
    ['/v1/profiles/user_id:nobody/timeline', 404, 'not_found'],
    ['/v1/profiles/email:not-an-address', 400, 'bad_query'],
    ['/v1/profiles/user_id:null', 400, 'bad_query'],
    ['/v1/profiles/user_id:u%2F1+x/timeline?limit=501', 400, 'bad_query'],
    ['/v1/profiles/user_id:u%2F1+x/timeline?cursor=x', 400, 'bad_query'],
    ['/v1/profiles/user_id:u%2F1+x/timeline?from=yesterday', 400, 'bad_query'],
  ])('%s answers %i %s', async (path, status, code) => {
    const answer = await json(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code, status, message: expect.any(String) });
  });

  test.each([
    ['user_id:u%2F1+x/timeline?limit=5000', /the query: limit: found "5000"; wanted: a whole number from 1 to 500 /],
    ['user_id:u%2F1+x/traits?history=all', /the query: history: found "all"; must be true, false or full/],
    ['user_id:u%2F1+x/explain', /the query: other: it is missing; must be the other identifier, `type:value`/],
    ['?query=', /the query: query: found ""; must be words, each a part of a name/],
  ])('%s is told what is legal', async (path, says) => {
    const reply = await world.get(`/v1/profiles${path.startsWith('?') ? path : `/${path}`}`);
    expect(await reply.json()).toMatchObject({ status: 400, code: 'bad_query', message: expect.stringMatching(says) });
  });

  test('is shown to readers of its workspace only', async () => {
    expect((await fetch(`${world.url}/v1/profiles/email:bob@example.com`)).status).toBe(401);
    expect((await json('/v1/profiles/email:bob@example.com', { 'x-read-key': 'wrong' })).body.code).toBe('unknown_key');
    expect((await json('/v1/profiles/email:bob@example.com', { 'x-read-key': KEYS.bank })).status).toBe(404);
    const other = await json('/v1/profiles/email:ann.lee@example.com', { 'x-read-key': KEYS.bank });
    expect(other.body).toMatchObject({ workspace: 'bank', traits: { secret: 'bank' } });
  });
});

describe('the timeline', () => {
  const path = '/v1/profiles/user_id:u%2F1+x/timeline';

  test('goes back page by page, newest first, and new entries move nothing', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body: page }: { body: Answer } = await json(
        `${path}?limit=5${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.interactions.map((one) => one.id));
      cursor = page.cursor;
      await world.feed('shop', [
        {
          id: `late${seen.length}`,
          identifiers: [id('user_id', 'u/1+x')],
          occurredAt: AT + 3_600 * SECOND + seen.length,
        },
      ]);
    } while (cursor !== null);
    expect(seen).toEqual([...Array.from({ length: 12 }, (_, n) => `v${11 - n}`), 'i1']);
  });

  test('shows an event with its properties, money as text and ISO times', async () => {
    const { body } = await json(`${path}?name=Order%20Completed&to=2026-03-01T10:00:02Z`);
    expect(body.interactions).toEqual([
      expect.objectContaining({
        ...{ id: 'v0', name: 'Order Completed', amount: '19.9', currency: 'EUR', owner: 'user_id:u/1+x' },
        ...{ occurredAt: '2026-03-01T10:00:01.000Z', properties: { n: 0, items: [{ sku: 'a' }] } },
      }),
    ]);
  });

  test('is cut by type, channel and time', async () => {
    const count = async (query: string) => (await json(`${path}?${query}`)).body.interactions.length;
    expect(await count('type=identify')).toBe(1);
    expect(await count('type=identify,track&to=2026-03-01T11:00:00Z')).toBe(13);
    expect(await count('channel=chat')).toBe(6);
    expect(await count('from=2026-03-01T10:00:03Z&to=2026-03-01T10:00:05Z')).toBe(2);
  });
});

describe('search', () => {
  test.each([
    ['ann', 'Ann'],
    ['LEE ann', 'Ann'],
    ['ann.lee@ex', 'Ann'],
    ['u/1+x', 'Ann'],
    ['(201) 557-0123', undefined],
    ['stone', undefined],
  ])('finds %s', async (query, firstName) => {
    const { body } = await json(`/v1/profiles?query=${encodeURIComponent(query)}`);
    expect(body.profiles.map((one) => one.traits.firstName)).toEqual([firstName]);
  });

  test('says nothing of other workspaces, and answers in pages', async () => {
    expect((await json('/v1/profiles?query=bank')).body).toEqual({ profiles: [], cursor: null });
    const first = (await json('/v1/profiles?query=example&limit=1')).body;
    const second = (await json(`/v1/profiles?query=example&limit=1&cursor=${first.cursor}`)).body;
    expect(first.profiles).toHaveLength(1);
    expect(second.profiles).toHaveLength(1);
    expect(second.profiles[0]?.id).not.toBe(first.profiles[0]?.id);
    expect(second.cursor).toBeNull();
  });
});

test('Segment’s profile API finds the same person', async () => {
  const base = '/v1/spaces/spa_x/collections/users/profiles/email:ann.lee@example.com';
  expect((await json(`${base}/traits`)).body.traits.plan).toBe('gold');
  expect((await json(`${base}/external_ids`)).body.data).toContainEqual(
    expect.objectContaining({ type: 'user_id', id: 'u/1+x' }),
  );
  const events = (await json<SegmentPage>(`${base}/events?limit=2`)).body;
  expect(events.cursor).toMatchObject({ has_more: true, limit: 2 });
  const next = (await json<SegmentPage>(`${base}/events?limit=2&next=${events.cursor.next}`)).body;
  expect(next.data[0]?.message_id).not.toBe(events.data[1]?.message_id);
  expect((await json(`${base}/metadata`)).body.metadata.created_at).toBe('2026-03-01T10:00:00.000Z');
});

test('Segment’s parameters cut what Segment’s profile API shows, and others are refused', async () => {
  const base = '/v1/spaces/spa_x/collections/users/profiles/email:ann.lee@example.com';
  const at = '2026-03-01T10:00:00.000Z';
  const traits = async (query: string) => (await json<SegmentPage>(`${base}/traits?${query}`)).body;
  expect((await traits('include=plan,lastName')).traits).toEqual({ lastName: 'Lee', plan: 'gold' });
  expect((await traits('include=plan&verbose=true')).traits).toEqual({
    plan: { value: 'gold', source_id: 'web', updated_at: at },
  });
  expect((await traits('class=audience')).traits).toEqual({});
  const first = await traits('limit=2');
  expect(first).toMatchObject({ traits: { firstName: 'Ann', lastName: 'Lee' }, cursor: { has_more: true, limit: 2 } });
  const rest = await traits(`limit=2&next=${first.cursor.next}`);
  expect(rest).toMatchObject({ traits: { plan: 'gold' }, cursor: { has_more: false, next: '', limit: 2 } });
  const ids = (await json<SegmentPage>(`${base}/external_ids?include=email&limit=5`)).body;
  expect([ids.data.map(({ type }) => type), ids.cursor.limit]).toEqual([['email'], 5]);
  const events = async (query: string) =>
    (await json<SegmentPage>(`${base}/events?limit=100&${query}`)).body.data.map((one) => one.message_id);
  const all = await events('');
  expect(await events('sort=asc')).toEqual(all.toReversed());
  const page = (await json<SegmentPage>(`${base}/events?limit=1&sort=asc`)).body;
  expect(await events(`sort=asc&next=${page.cursor.next}`)).toEqual(all.toReversed().slice(1));
  expect(await events('start=2026-03-01T10:00:01Z&end=2026-03-01T10:00:02Z')).toEqual(['v0']);
  const named = await events('include=Product Viewed,Other');
  expect([named.length > 0, await events('exclude=Product Viewed')]).toEqual([
    true,
    all.filter((one) => !named.includes(one)),
  ]);
  for (const wrong of ['/traits?class=vip', '/traits?sort=asc', '/events?verbos=true', '/metadata?limit=1'])
    expect((await json(`${base}${wrong}`)).status, wrong).toBe(400);
  expect((await json(`${base}/metadata?verbose=true`)).status).toBe(200);
});

describe('what came in last', () => {
  test('continues where the answer before ended, oldest first', async () => {
    const first = (await json('/v1/interactions?limit=3')).body;
    expect(first.interactions).toHaveLength(3);
    expect((await json(`/v1/interactions?after=${first.cursor}`)).body.interactions).toEqual([]);
    await world.feed('bank', [{ id: 'x2', identifiers: [id('user_id', 'x')] }]);
    await world.feed('shop', [
      { id: 't1', name: 'A', identifiers: [id('user_id', 't')], receivedAt: AT + 9_000 * SECOND },
      { id: 't2', name: 'B', identifiers: [id('user_id', 't')], receivedAt: AT + 9_001 * SECOND },
    ]);
    const one = (await json(`/v1/interactions?limit=1&after=${first.cursor}`)).body;
    const rest = (await json(`/v1/interactions?after=${one.cursor}`)).body;
    const ids = [...one.interactions, ...rest.interactions].map((item) => item.id);
    expect(ids).toEqual(['t1', 't2']);
  });

  test('is followed line by line', async () => {
    const { cursor } = (await json('/v1/interactions?limit=1')).body;
    const answer = await world.get(`/v1/interactions?follow=true&after=${cursor}`);
    expect(answer.headers.get('content-type')).toContain('ndjson');
    const lines = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    await world.feed('shop', [{ id: 'f1', name: 'Followed', identifiers: [id('user_id', 't')] }]);
    expect((await lines.read()).value).toBe('\n');
    expect(JSON.parse((await lines.read()).value ?? '')).toMatchObject({
      id: 'f1',
      name: 'Followed',
      owner: 'user_id:t',
    });
    await lines.cancel();
  });

  test('shows refused events with their bytes', async () => {
    await world.refuse('bank', { failureId: 'f0' });
    await world.refuse('shop', { failureId: 'f1', body: Buffer.from('{"type":"dance"}') });
    const { body } = await json('/v1/failed');
    expect(body.failed).toEqual([
      expect.objectContaining({ failureId: 'f1', code: 'event_bad_type', body: '{"type":"dance"}' }),
    ]);
  });

  test('the status tells strangers what runs and readers how much there is', async () => {
    const stranger = await (await fetch(`${world.url}/v1/status`)).json();
    expect(stranger).toMatchObject({
      ready: true,
      counts: null,
      checks: ['audit', 'warehouse', 'settings'].map((name) => ({ name, ok: true, detail: 'ok' })),
    });
    const { body } = await json('/v1/status', { 'x-read-key': KEYS.bank });
    expect(body.counts).toMatchObject({ interactions: 2, profiles: 2, failed: 0 });
    expect((await json('/v1/status', { 'x-read-key': 'wrong' })).status).toBe(401);
  });
});

test('marts are told of, and only what is computed and stored is refreshed, by who may decide', async () => {
  const { marts } = (await (await world.get('/v1/marts')).json()) as { marts: { name: string; kind: string }[] };
  // Every mart that analysts are told of, and how fresh it is
  const page = await readFile(new URL('../../../infra/clickhouse/README.md', import.meta.url), 'utf8');
  const [, table] = page.split(/^\| mart .*\n\|[-| ]+\n/m);
  const told = table!
    .split(/\n\n/)[0]!
    .split('\n')
    .flatMap((row) => row.split('|')[1]!.match(/\w+/g)!);
  expect(told.length).toBeGreaterThan(50);
  expect(told.filter((name) => !marts.some((mart) => mart.name === name))).toEqual([]);
  expect(marts).toContainEqual(expect.objectContaining({ name: 'churn', kind: 'shown', by: 'scores', state: 'never' }));
  expect(marts).toContainEqual(expect.objectContaining({ name: 'segment_members', by: 'computed', asOf: true }));
  expect(marts).toContainEqual(expect.objectContaining({ name: 'rfm', kind: 'view', state: 'current' }));
  const plain = 'SELECT lifetime_value FROM lifetime_value(value = 50, per_year = 52, years = 40)';
  expect(await (await world.get(`/v1/sql?query=${encodeURIComponent(plain)}`)).text()).toBe('104000\n');
  const refresh = async (mart: string, body: unknown, headers = {}) => {
    const reply = await world.post(`/v1/marts/${mart}/refresh`, body, headers);
    return [reply.status, ((await reply.json()) as { message: string }).message];
  };
  expect(await refresh('rfm', {})).toEqual([400, expect.stringMatching(/rfm is a view and never behind/)]);
  expect(await refresh('churn', {})).toEqual([400, expect.stringMatching(/: churn is refreshed as scores$/)]);
  expect(await refresh('rmf', '')).toEqual([404, expect.stringMatching(/no mart rmf; there are .*cohorts/)]);
  expect(await refresh('rfm', { all: 1 })).toEqual([400, expect.stringMatching(/all/)]);
  expect(await refresh('rfm', {}, { 'x-steward-key': KEYS.shop })).toEqual([403, expect.any(String)]);
  expect((await world.get('/v1/marts/rfm/runs/1')).status).toBe(404);
});

test('the description names every route and nothing that is not there', async () => {
  const { paths, info } = await validDescription(`${world.url}/openapi.json`);
  expect(info.version).toMatch(/^\d+\.\d+\.\d+$/);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(world.routes.toSorted());
  expect(described).toContain('get /v1/profiles/{profile}/timeline');
  for (const [path, methods] of Object.entries(paths)) {
    for (const name of [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one)) {
      for (const { parameters } of Object.values(methods))
        expect(parameters).toContainEqual(expect.objectContaining({ name, in: 'path', required: true }));
    }
  }
});

test('the description tells how a read waits, when it has not changed, and that a person’s own token opens it', async () => {
  const { paths } = await validDescription(`${world.url}/openapi.json`);
  for (const part of ['', '/card', '/orders', '/traits', '/scores', '/identifiers']) {
    const { parameters, responses, security } = paths[`/v1/profiles/{profile}${part}`]!.get!;
    const headers = parameters!.filter((one) => one.in === 'header').map(({ name }) => name);
    expect([part, headers]).toEqual([part, ['X-Kenal-Position', 'Prefer', 'If-None-Match']]);
    expect(responses).toMatchObject({ 200: { headers: { ETag: {} } }, 304: {} });
    expect(security).toContainEqual({ ownToken: [] });
  }
});

test('a follower’s answer ends when the service stops', async () => {
  const answer = await world.get('/v1/interactions?follow=true');
  await world.api.stop();
  const lines = (await answer.text()).split('\n').filter(Boolean);
  expect(lines.length).toBeGreaterThan(0);
});
