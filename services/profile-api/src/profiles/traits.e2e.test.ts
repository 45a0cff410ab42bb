import { type Interaction, kenalConfigSchema, wantedTraits } from '@kenal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYS, startWorld, type World } from '../testing/world.ts';

const DAY = 86_400_000_000;
const START = Date.UTC(2026, 0, 1) * 1_000;
const iso = (day: number) => new Date(START / 1_000 + day * 86_400_000).toISOString();
const id = (type: string, value: string) => ({ type, value });
const ANN = [id('user_id', 'ann')];

let world: World;
let today = START + 20 * DAY;

const traits = {
  name: { survivorship: 'longest' },
  city: { survivorship: 'source_priority', sources: ['crm'], freshForDays: 30 },
  phone: {},
  note: { survivorship: 'oldest', required: false },
};

beforeAll(async () => {
  world = await startWorld({ traits, clock: () => today });
  await world.feed('shop', [
    said('a1', 1, { name: 'Ann', city: 'Bonn', note: 'first' }),
    said('a2', 2, { name: 'Ann Theresa Lee', city: 'Kiel' }, 'crm'),
    said('a3', 3, { name: 'A. Lee', note: 'second' }),
    said('a4', 4, { name: 'Ann Lee', city: 'Ulm' }),
    { ...said('g1', 5, { name: 'Acme' }), type: 'group' },
  ]);
  await world.feed('bank', [said('x1', 5, { name: 'Not the shop’s' })]);
});
afterAll(async () => world[Symbol.asyncDispose]());

function said(message: string, day: number, traits: object, source = 'web', identifiers = ANN): Partial<Interaction> {
  const at = START + day * DAY;
  const times = { clientAt: at, receivedAt: at, occurredAt: at };
  return { id: message, type: 'identify', source, identifiers, traits: JSON.stringify(traits), ...times };
}

interface Said {
  readonly trait: string;
  readonly value: unknown;
  readonly messageId: string;
  readonly holds: boolean;
}
interface Answer {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly quality: unknown;
  readonly history?: readonly Said[];
  readonly traitHistory?: readonly Said[];
  readonly cursor?: string | null;
}
const json = async (path: string, headers = {}) => (await (await world.get(path, headers)).json()) as Answer;

describe('traits', () => {
  test('hold by the rules of the workspace, each with its rule and the time it was said last', async () => {
    const profile = await json('/v1/profiles/user_id:ann');
    expect(profile.traits).toEqual({ name: 'Ann Theresa Lee', city: 'Kiel', note: 'first' });
    expect((await json('/v1/profiles/user_id:ann/traits')).traits.city).toEqual({
      ...{ value: 'Kiel', source: 'crm', at: iso(2), messageId: 'a2', confirmedAt: iso(2) },
      survivorship: 'source_priority',
    });
    const space = await json('/v1/spaces/x/collections/users/profiles/user_id:ann/traits');
    expect(space.traits).toEqual(profile.traits);
  });

  test('come with every value at hand, newest first, of all traits or of one', async () => {
    const { history, traits } = await json('/v1/profiles/user_id:ann/traits?history=true');
    expect(history?.map(({ trait, value, holds }) => [trait, value, holds])).toEqual([
      ['city', 'Ulm', false],
      ['name', 'Ann Lee', false],
      ['note', 'second', false],
      ['city', 'Kiel', true],
      ['name', 'Ann Theresa Lee', true],
      ['city', 'Bonn', false],
      ['name', 'Ann', false],
      ['note', 'first', true],
    ]);
    expect(Object.keys(traits)).toEqual(['city', 'name', 'note']);
    const notes = await json('/v1/profiles/user_id:ann/traits?history&trait=note');
    expect(notes.history?.[1]).toEqual({
      ...{
        trait: 'note',
        value: 'first',
        source: 'web',
        firstAt: iso(1),
        lastAt: iso(1),
        messageId: 'a1',
        holds: true,
      },
    });
    expect((await json('/v1/profiles/user_id:ann?details=true')).traitHistory).toEqual(history);
    expect((await json('/v1/profiles/user_id:ann/traits')).history).toBeUndefined();
  });

  test('have their whole history in ClickHouse, page by page, values that no register keeps included', async () => {
    const seen: Said[] = [];
    let cursor: string | null | undefined;
    do {
      const after: string = cursor ? `&cursor=${cursor}` : '';
      const page: Answer = await json(`/v1/profiles/user_id:ann/traits?history=full&limit=4${after}`);
      seen.push(...page.history!);
      cursor = page.cursor;
    } while (cursor);
    expect(seen.map(({ trait, messageId, holds }) => `${messageId} ${trait}${holds ? ' holds' : ''}`)).toEqual([
      ...['a4 name', 'a4 city', 'a3 note', 'a3 name', 'a2 name holds', 'a2 city holds'],
      ...['a1 note holds', 'a1 name', 'a1 city'],
    ]);
    const names = await json('/v1/profiles/user_id:ann/traits?history=full&trait=name');
    expect(names.history?.map(({ value }) => value)).toEqual(['Ann Lee', 'A. Lee', 'Ann Theresa Lee', 'Ann']);
    expect(names.cursor).toBeNull();
    const foreign = await world.get('/v1/profiles/user_id:ann/traits?history=full', { 'x-read-key': KEYS.bank });
    expect(((await foreign.json()) as Answer).history?.map(({ value }) => value)).toEqual(['Not the shop’s']);
  });

  test.each(['history=full&cursor=x', 'history=full&limit=501', 'history=all'])(
    '%s is a wrong query',
    async (query) => {
      const answer = await world.get(`/v1/profiles/user_id:ann/traits?${query}`);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'bad_query']);
    },
  );
});

test('the quality of a profile tells what is missing and, as days go by, what is stale', async () => {
  const first = await world.get('/v1/profiles/user_id:ann');
  const tag = first.headers.get('etag') ?? '';
  const quality = { completeness: 0.667, freshness: 1, missing: ['phone'], stale: [] };
  expect(((await first.json()) as Answer).quality).toEqual(quality);
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, `W/"other" , W/${tag}`, '*'])
    expect((await world.get('/v1/profiles/user_id:ann', { 'if-none-match': known })).status, known).toBe(304);
  for (const part of ['card', 'orders', 'identifiers', 'traits', 'scores']) {
    const known = (await world.get(`/v1/profiles/user_id:ann/${part}`)).headers.get('etag') ?? '';
    const again = await world.get(`/v1/profiles/user_id:ann/${part}`, { 'if-none-match': known });
    expect([again.status, part]).toEqual([304, part]);
  }
  today = START + 40 * DAY;
  const later = await world.get('/v1/profiles/user_id:ann', { 'if-none-match': tag });
  expect(later.status).toBe(200);
  expect(((await later.json()) as Answer).quality).toEqual({ ...quality, freshness: 0.5, stale: ['city'] });
});

test('any id ever issued leads to today’s profile on every route, which names it as an alias', async () => {
  const visitor = [id('anonymous_id', 'n1')];
  const mail = [id('email', 'bea@example.com')];
  const step = async (message: string, identifiers: Interaction['identifiers']) => {
    await world.feed('shop', [said(message, 10, { name: message }, 'web', identifiers)]);
    return (await json(`/v1/profiles/${identifiers.map(({ type, value }) => `${type}:${value}`)[0]}`)).id;
  };
  const asVisitor = await step('b1', visitor);
  const asMail = await step('b2', mail);
  // The anchor moves twice: to the e-mail, then to the user id
  expect(await step('b3', [...mail, ...visitor])).toBe(asMail);
  expect((await json(`/v1/profiles/${asVisitor}`)).aliases).toEqual([asVisitor]);
  const bea = await step('b4', [id('user_id', 'bea'), ...mail]);
  expect(new Set([asVisitor, asMail, bea]).size).toBe(3);
  const profile = await json(`/v1/profiles/${bea}`);
  expect(profile.aliases).toEqual([asVisitor, asMail].sort());
  for (const old of profile.aliases) {
    expect(await json(`/v1/profiles/${old}`)).toEqual(profile);
    for (const part of ['traits', 'traits?history=full', 'identifiers', 'timeline'])
      expect((await json(`/v1/profiles/${old}/${part}`)).id, part).toBe(bea);
    const space = `/v1/spaces/x/collections/users/profiles`;
    for (const part of ['traits', 'events', 'external_ids', 'metadata']) {
      const [before, now] = await Promise.all([old, bea].map((one) => world.get(`${space}/${one}/${part}`)));
      expect([before!.status, part]).toEqual([200, part]);
      const plain = async (answer: Response) => JSON.parse((await answer.text()).replaceAll(old, bea)) as unknown;
      expect(await plain(before!)).toEqual(await plain(now!));
    }
  }
  const strangers = await world.get(`/v1/profiles/${asVisitor}`, { 'x-read-key': KEYS.bank });
  expect(strangers.status).toBe(404);
});

test('profile_gaps counts what the profiles themselves say they lack', async () => {
  const sources = [{ id: 'crm', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }];
  const [shop] = kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources, traits }] }).workspaces;
  const wanted = wantedTraits(shop!.traits).map(({ trait, names, freshForDays }) => ({
    ...{ workspace: 'shop', trait, names, fresh_for_days: freshForDays, wanted: true, version: 1 },
  }));
  await world.warehouse.insert('kenal.wanted_trait_rows', wanted);
  const recent = { clientAt: Date.now() * 1_000, receivedAt: Date.now() * 1_000, occurredAt: Date.now() * 1_000 };
  await world.feed('shop', [
    { ...said('d1', 0, { city: 'Bonn', phone: '1' }, 'crm', [id('user_id', 'dan')]), ...recent },
    {
      ...said('d2', 0, { city: null, name: '' }, 'crm', [id('user_id', 'eve'), id('phone', '+12015570123')]),
      ...recent,
    },
  ]);
  today = Date.now() * 1_000;
  const profiles = await Promise.all(
    ['ann', 'bea', 'dan', 'eve'].map(async (user) => {
      const { quality } = await json(`/v1/profiles/user_id:${user}`);
      return quality as { missing: string[]; stale: string[] };
    }),
  );
  const count = (part: 'missing' | 'stale', trait: string) =>
    profiles.filter((one) => one[part].includes(trait)).length;
  const gaps = await world.warehouse.query<{ trait: string }>(
    `SELECT trait, profiles, profiles - filled AS missing, stale FROM kenal.profile_gaps WHERE source = '' ORDER BY trait`,
    { workspace: 'shop' },
  );
  expect(gaps.map(({ trait }) => trait)).toEqual(['city', 'name', 'phone']);
  expect(gaps).toEqual(
    gaps.map(({ trait }) => ({ trait, profiles: 4, missing: count('missing', trait), stale: count('stale', trait) })),
  );
  expect(new Set(profiles.map((one) => JSON.stringify(one))).size).toBe(4); // each lacks something else
});
