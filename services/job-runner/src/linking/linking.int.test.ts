import type { Directive, Interaction } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import { replay, sourceRecordOf, standingOf } from '@kenal/identity';
import { cellsOf, columnsOfRecords } from '@kenal/identity/linkage';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import {
  crowd,
  identify,
  TALKATIVE,
  THEODORA,
  THEODORA_LATER,
  THEODORA_MEANWHILE,
  TWIN,
  TWO_ACCOUNTS,
  WORKSPACE,
} from '../testing/people.ts';
import { link, linkedPairs, over, type PassShown, startWorld, type World } from '../testing/world.ts';
import { createReadRecords, type ReadRecord } from './steps/read-records.ts';

const PEOPLE = 160;
const [FIRST, SECOND] = ['anonymous_id:theodora', 'user_id:4711'];

interface Review {
  readonly id: string;
  readonly state: string;
  readonly doubt: string;
  readonly model: string;
  readonly probability: number;
  readonly a: { readonly identifier: string };
  readonly b: { readonly identifier: string };
  readonly decidedBy: string | null;
}

let world: World;
let first: PassShown;
/** Of the model in force. */
let model: string | null;
let meanwhile: Promise<unknown> | null = null;
beforeAll(async () => {
  const topic = () => createTopicWriter<Interaction>(world.log, 'interactions');
  world = await startWorld(await migratedDirectory(), (step) => {
    if (step !== 'read' || meanwhile !== null) return;
    meanwhile = topic().append([{ key: 'x', value: THEODORA_MEANWHILE }]);
  });
  await feed([...crowd(PEOPLE), ...THEODORA, TWIN, ...TWO_ACCOUNTS, ...TALKATIVE]);
  first = await link(world);
});
afterAll(async () => world?.[Symbol.asyncDispose]());

const fed: Interaction[] = [THEODORA_MEANWHILE];
async function feed(interactions: readonly Interaction[]): Promise<void> {
  fed.push(...interactions);
  await world.feed(interactions);
}

const reviews = async (state: string): Promise<readonly Review[]> =>
  ((await world.call('GET', `/v1/reviews?state=${state}&limit=500`)).body as { reviews: Review[] }).reviews;
const linksOf = (directives: readonly Directive[], owner: string) =>
  directives
    .flatMap(({ kind, pairs }) => (kind === 'linkage' ? pairs : []))
    .filter(({ a, b }) => a === owner || b === owner);

test('a record is the same as the warehouse and as the identity state know it', async () => {
  const columns = columnsOfRecords([], []);
  const readRecords = createReadRecords(world.warehouse);
  const read: ReadRecord[] = [];
  for await (const some of readRecords(WORKSPACE, columns)) read.push(...some);
  const owners = read.map(({ owner }) => owner);
  const { pointers, components } = await world.state.load(WORKSPACE, owners);
  for (const { owner, source, cells } of read) {
    const { traits, identifiers } = sourceRecordOf(components.get(pointers.get(owner)!)!.fields, owner, source);
    const known = cellsOf(columns, traits, identifiers);
    expect(columns.map(({ name }) => known[name] ?? '')).toEqual(cells);
  }
  const [crm, web] = read.filter(({ owner }) => owner === 'user_id:talkative');
  const said = (cells: readonly string[]) =>
    Object.fromEntries(columns.map(({ name }, i) => [name, cells[i]]).filter(([, cell]) => cell));
  expect(said(web!.cells)).toEqual({
    ...{ city: 'Ulm', family_name: 'Stork', postcode: '53111', given_name: 'Ada "A"' },
    ...{ email: 'new@example.org', phone: '+442079460001' },
  });
  expect(said(crm!.cells)).toEqual({ city: 'Kiel', family_name: 'Storck', email: 'tracked@example.org' });
});

describe('a pass over all records', () => {
  test('learns a model, joins records of one person under it, and puts it in force last', async () => {
    expect(first).toMatchObject({ state: 'done', learnt: true, error: null, records: PEOPLE + 7 });
    const directives = await world.directives();
    // All links of the pass come before the model; the last is of a record that came in meanwhile
    const kinds = directives.map(({ kind }) => kind);
    expect(kinds).toEqual([...kinds.slice(2).map(() => 'linkage'), 'model', 'linkage']);
    expect(directives.at(-2)).toMatchObject({
      model: first.model,
      actor: expect.stringMatching(`^model:${first.model} `),
    });
    expect(linkedPairs(directives)).toContain(`${first.model} ${FIRST} ${SECOND}`);
    expect(linkedPairs(directives.slice(0, -1))).toHaveLength(first.links);
  });

  test('weighs what comes in meanwhile once the model is in force', async () => {
    await meanwhile;
    const links = linksOf(await world.directives(), 'anonymous_id:theodora-meanwhile');
    expect(links.map(({ a, b }) => [a, b].filter((end) => !end.endsWith('meanwhile'))[0]).sort()).toEqual([
      FIRST,
      SECOND,
    ]);
  });

  test('a link carries its odds and what each field gave, and nobody’s values', async () => {
    const [pair] = linksOf(await world.directives(), FIRST);
    const bits = JSON.parse(pair!.detail) as Record<string, number>;
    expect(Object.keys(bits)).toEqual(expect.arrayContaining(['prior', 'given_name', 'family_name', 'birth_date']));
    const sum = Object.values(bits).reduce((total, one) => total + one, 0);
    expect(pair!.weight).toBeCloseTo(sum, 1);
    expect(pair!.weight).toBeGreaterThan(6.6);
    expect(pair!.detail).not.toMatch(/quill/i);
  });

  test('never joins twins, nor two accounts', async () => {
    expect(linksOf(await world.directives(), 'anonymous_id:twin')).toEqual([]);
    for (const account of ['user_id:a1', 'user_id:b2']) expect(linksOf(await world.directives(), account)).toEqual([]);
    const asked = (await reviews('open')).find(({ a }) => a.identifier === 'user_id:a1');
    expect(asked).toMatchObject({ b: { identifier: 'user_id:b2' }, doubt: 'accounts' });
    expect(asked!.probability).toBeGreaterThan(0.99);
  });

  test('the model stands in SQL with its quality and since when it is in force', async () => {
    const models = await world.query(
      'SELECT version, in_force, records, expected_precision > 0.8 AS good FROM linkage_models',
    );
    expect(models).toEqual([{ version: first.model, in_force: true, records: expect.any(Number), good: 1 }]);
    const [run] = await world.query<{ state: string; links: number }>('SELECT state, links FROM linkage_runs');
    expect(run).toEqual({ state: 'done', links: first.links });
  });

  test('run again it changes nothing', async () => {
    const [before, asked] = [await world.directives(), await reviews('open')];
    const asks = await Promise.all([1, 2].map(() => world.call('POST', '/v1/identity/link')));
    const [job, ...others] = asks.map(({ body }) => (body as PassShown).job);
    expect(others, 'two asked for at once are one').toEqual([job]);
    const second = await over(world, job!);
    expect(second).toMatchObject({ learnt: false, model: first.model, links: 0, suggestions: 0, withdrawn: 0 });
    expect(await world.directives()).toHaveLength(before.length);
    expect(await reviews('open')).toEqual(asked);
  });

  test('a model that is learnt anew takes the place of the old one, with links and questions of its own', async () => {
    const third = await link(world, { retrain: true });
    expect(third).toMatchObject({ state: 'done', learnt: true, records: first.records + 1 });
    model = third.model;
    expect(model).not.toBe(first.model);
    expect(linkedPairs(await world.directives())).toContain(`${model} ${FIRST} ${SECOND}`);
    const inForce = await world.query('SELECT version FROM linkage_models WHERE in_force');
    expect(inForce).toEqual([{ version: model }]);
    const open = await reviews('open');
    expect(open.map((review) => review.model)).toEqual(open.map(() => model));
    expect(open.length).toBeGreaterThan(10);
  });
});

describe('the review queue', () => {
  test('shows both records side by side and tells in words what each field gave', async () => {
    const [pair] = (await reviews('open')).filter(({ a }) => a.identifier === 'user_id:a1');
    const detail = (await world.call('GET', `/v1/reviews/${pair!.id}`)).body as {
      records: { field: string; a: string; b: string }[];
      waterfall: { field: string; words: string; bits: number }[];
      doubtInWords: string;
    };
    expect(detail.records).toContainEqual({ field: 'family_name', a: 'Ottershaw', b: 'Ottershaw' });
    expect(detail.waterfall.find(({ field }) => field === 'birth_date')?.words).toMatch(
      /^Birth date is the same: \d+\.\d bits for one person \([\d,]+ times as likely\)$/,
    );
    expect(detail.doubtInWords).toContain('both have a user_id');
    expect(detail.waterfall.reduce((sum, { bits }) => sum + bits, 0)).toBeGreaterThan(6);
  });

  test('an accepted pair is a must, a rejected one a cannot, and neither is asked again', async () => {
    const [yes, no] = await reviews('open');
    for (const [pair, decision, verb] of [
      [yes!, 'accept', 'must'],
      [no!, 'reject', 'cannot'],
    ] as const) {
      const reply = await world.call('POST', `/v1/reviews/${pair.id}`, {
        decision,
        reason: 'looked at it',
        actor: 'Eve',
      });
      expect(reply.status).toBe(202);
      const ends = { a: pair.a.identifier, b: pair.b.identifier };
      expect((await world.directives()).at(-1)).toMatchObject({
        ...{ kind: 'review', reason: 'looked at it', actor: expect.stringMatching(/^Eve \(key/), model },
        pairs: [{ verb, ...ends }],
      });
    }
    await world.settle();
    expect((await reviews('accepted')).map(({ id }) => id)).toEqual([yes!.id]);
    expect(await reviews('rejected')).toMatchObject([{ id: no!.id, decidedBy: expect.stringMatching(/^Eve/) }]);
    await link(world);
    const open = (await reviews('open')).map(({ id }) => id);
    expect(open).not.toContain(yes!.id);
    expect(open).not.toContain(no!.id);
    const again = await world.call('POST', `/v1/reviews/${no!.id}`, { decision: 'accept', reason: 'r' });
    expect(again).toMatchObject({
      status: 422,
      body: { code: 'bad_directive', message: expect.stringContaining('it was rejected by Eve') },
    });
  });

  test('its pages hold every pair once', async () => {
    const all = (await reviews('open')).map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await world.call('GET', `/v1/reviews?limit=7${from}`)).body as {
        reviews: Review[];
        cursor: string | null;
      };
      seen.push(...page.reviews.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(seen).toEqual(all);
  });

  test.each([
    [
      '/v1/reviews/00000000000000000000000000000000',
      { decision: 'accept', reason: 'r' },
      404,
      /no pair 0+ is in the review queue/,
    ],
    ['/v1/reviews/nonsense', { decision: 'accept', reason: 'r' }, 400, /id/],
    ['/v1/reviews/00000000000000000000000000000000', { decision: 'maybe', reason: 'r' }, 400, /accept/],
    ['/v1/reviews/00000000000000000000000000000000', { decision: 'accept' }, 400, /must be text that says why/],
  ])('POST %s %j answers %i and says what to do', async (path, body, status, says) => {
    const reply = (await world.call('POST', path, body)) as { status: number; body: { message: string } };
    expect([reply.status, reply.body.message]).toEqual([status, expect.stringMatching(says)]);
  });
});

describe('a record that comes in', () => {
  test('is joined with those of its person within seconds, and weighed once', async () => {
    await feed([THEODORA_LATER]);
    const { owner } = { owner: 'device_id:theodora-phone' };
    const joined = await vi.waitFor(
      async () => {
        const links = linksOf(await world.directives(), owner);
        expect(links.length).toBeGreaterThan(0);
        return links;
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(joined.map(({ a, b }) => (a === owner ? b : a)).sort()).toEqual(
      [FIRST, SECOND, 'anonymous_id:theodora-meanwhile'].sort(),
    );
    expect((await world.directives()).at(-1)).toMatchObject({ kind: 'linkage', model });
  });

  test('of a twin is not', async () => {
    const { length } = await world.directives();
    await feed([
      { ...TWIN, id: 'web/again', source: 'app' },
      identify('app', 'anonymous_id:nobody', { city: 'Exeter' }),
    ]);
    // A later one of another person comes after it in the same partition or is at least as late
    await feed([
      identify('app', 'anonymous_id:theodora-3', JSON.parse(THEODORA_LATER.traits) as Record<string, string>),
    ]);
    await vi.waitFor(
      async () => expect(linksOf(await world.directives(), 'anonymous_id:theodora-3').length).toBeGreaterThan(0),
      {
        timeout: 10_000,
        interval: 50,
      },
    );
    const later = (await world.directives()).slice(length);
    expect(linksOf(later, 'anonymous_id:twin')).toEqual([]);
    expect(linksOf(later, 'anonymous_id:nobody')).toEqual([]);
  });
});

test('live profiles are those that the identity function makes of it all: she is one person, her twin another', async () => {
  const directives = await world.directives();
  const who = (underModel: string | null) => {
    const directed = { model: underModel };
    const { identity } = world.config.workspaces[0]!;
    const rules = { workspace: WORKSPACE, config: identity, regionOf: () => 'GB', directives, directed };
    return replay(fed, rules).profileByKey;
  };
  const now = who(model);
  await vi.waitFor(async () => expect(await liveProfiles([...now.keys()])).toEqual(now), {
    timeout: 20_000,
    interval: 200,
  });
  const hers = [
    FIRST,
    SECOND,
    'device_id:theodora-phone',
    'anonymous_id:theodora-meanwhile',
    'anonymous_id:theodora-3',
  ];
  expect(new Set(hers.map((key) => now.get(key))).size).toBe(1);
  expect(now.get('anonymous_id:twin')).not.toBe(now.get(FIRST));
  // Accepted by a person, whatever the limit of accounts
  expect(now.get('user_id:a1')).toBe(now.get('user_id:b2'));
  const [rejected] = await reviews('rejected');
  expect(now.get(rejected!.a.identifier)).not.toBe(now.get(rejected!.b.identifier));
  // Without a model its links count for nothing
  expect(new Set(hers.map((key) => who(null).get(key))).size).toBe(hers.length);
});

async function liveProfiles(keys: readonly string[]): Promise<Map<string, string>> {
  const { pointers, components } = await world.state.load(WORKSPACE, keys);
  return new Map(
    keys.map((key) => [key, standingOf(components.get(pointers.get(key) ?? '')?.fields ?? new Map(), key).profileId]),
  );
}
