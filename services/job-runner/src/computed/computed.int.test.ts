import { type Change, type Computed, type EventLog, kenalConfigSchema, type WorkspaceConfig } from '@kenal/contracts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { startWorld, type World } from '../testing/world.ts';
import { createAskEndpoint, createAskWarehouse } from './ask.ts';
import { attributesOf } from './attributes.ts';
import { createCaughtUp } from './caught-up.ts';
import { createComputedMart } from './computed-mart.ts';
import { createComputed } from './create.ts';
import { createPublish } from './publish.ts';
import { COMPUTED, expectedOf, isOrder, SEGMENTS, segmentsOf } from './testing/declared.ts';
import { SCORE, SCORE_FIT } from './testing/score.ts';
import { identifyOf, interactionOf, NOW, PEOPLE, shopEvents } from './testing/shop.ts';
import { createReadLost, createReadTold } from './told.ts';

/** Those that refreshes tell of: what each of all is, is asked apart. */
const TOLD = ['orders', 'orders_30d', 'items', 'quiet_days'];
const EVENTS = shopEvents();

let world: World;
let now = NOW;
beforeAll(async () => {
  const options = {
    timezone: 'Europe/Berlin',
    erasureKey: `key:${'7'.repeat(64)}`,
    computed: COMPUTED,
    segments: SEGMENTS,
  };
  world = await startWorld(await migratedDirectory(), undefined, { ...options, marts: { enabled: false } });
  const all = EVENTS.map(interactionOf);
  const people = Array.from({ length: PEOPLE }, (_, i) => identifyOf(i, i % 2 === 0 ? 'DE' : 'FR'));
  // Half of them twice, the late ones first
  await world.feed([...all.toReversed(), ...all.slice(0, 120), ...people]);
});
afterAll(() => world?.[Symbol.asyncDispose]());

function told(): WorkspaceConfig {
  const [workspace] = world.config.workspaces;
  const few = Object.entries(workspace!.computed).filter(([name]) => TOLD.includes(name));
  const { sly: _, ...segments } = workspace!.segments; // on the warehouse itself nothing would keep it off
  return { ...workspace!, computed: Object.fromEntries(few), segments };
}

const ask = () => ({
  ...{ workspace: told(), full: false, signal: new AbortController().signal },
  note: async () => {},
});
const clock = () => now * 1_000;
/** As the service has it: what is declared runs at the SQL endpoint. */
const servedMart = () =>
  createComputed({
    ...world,
    askDeclared: createAskEndpoint(world.api.url, world.api.keyFor),
    clock,
    sources: [SCORE],
  });
/** The same on the warehouse itself, which takes a third of the time. */
function martOn(log: EventLog) {
  const { warehouse } = world;
  const asked = createAskWarehouse(warehouse);
  return createComputedMart({
    ...{ warehouse, clock, sources: [SCORE], readTold: createReadTold(warehouse), readLost: createReadLost(warehouse) },
    caughtUp: createCaughtUp(world.log, world.state),
    ...{ publish: createPublish(log, warehouse), asks: { own: asked, declared: asked } },
  });
}
/** A broken segment ends it in the end; all else is done. */
const refresh = (log = world.log) =>
  expect(martOn(log).refresh(ask())).rejects.toThrow(/: segment\.broken: .*nowhere.*; all others are up to date$/);

/** Profile of each person. */
async function ids(): Promise<readonly (string | undefined)[]> {
  const sql = "SELECT value, profile_id FROM profile_identifiers WHERE type = 'user_id'";
  const found = new Map(
    (await world.query<{ value: string; profile_id: string }>(sql)).map((row) => [row.value, row.profile_id]),
  );
  return Array.from({ length: PEOPLE }, (_, i) => found.get(`u${i}`));
}

/** What refreshes tell. */
const isTold = (name: string): boolean => name.startsWith('segment.') || TOLD.includes(name.slice('trait.'.length));

type ByProfile = Record<string, Record<string, unknown>>;

/** By profile and name: what the declarations give now. */
async function computed(isAsked: (name: string) => boolean): Promise<ByProfile> {
  const [workspace] = world.config.workspaces;
  const asked = createAskWarehouse(world.warehouse); // as the endpoint, which refreshes ask, but sooner
  const found: ByProfile = {};
  const moment = { now: new Date(now).toISOString().replace('T', ' ').replace('Z', ''), timezone: 'Europe/Berlin' };
  for (const { name, kind, statement } of attributesOf(workspace!, moment, [])) {
    if (kind === 'score' || ['segment.broken', 'segment.sly'].includes(name) || !isAsked(name)) continue;
    for await (const [profile, value] of asked('shop', statement(null), new AbortController().signal))
      found[profile as string] = { ...found[profile as string], [name]: JSON.parse(value as string) };
  }
  return found;
}

/** The same as it was told. */
async function attributes(kinds = "'trait', 'segment'"): Promise<ByProfile> {
  const rows = await world.query<{ profile_id: string; name: string; value: string }>(
    `SELECT profile_id, name, value FROM computed_attributes WHERE kind IN (${kinds})`,
  );
  const found: ByProfile = {};
  for (const { profile_id, name, value } of rows)
    found[profile_id] = { ...found[profile_id], [name]: JSON.parse(value) };
  return found;
}

/**
 * @param groups persons who are one
 * @param isAsked which of the declarations are held against the oracle
 */
async function expectAll(groups: readonly (readonly number[])[], isAsked = isTold): Promise<void> {
  const profiles = await ids();
  const truth = groups.map((group) => {
    const events = EVENTS.filter(({ person }) => group.includes(person));
    const traits = expectedOf(events, group.length, now);
    const segments = segmentsOf(traits, group[0]! % 2 === 0, events.some(isOrder), events.length + group.length);
    const asked = Object.entries({ ...traits, ...segments }).filter(([name]) => isAsked(name));
    return [profiles[group[0]!]!, Object.fromEntries(asked)] as const;
  });
  const exact: ByProfile = Object.fromEntries(truth);
  expect(await computed(isAsked)).toEqual(exact);
  // Numbers that have hardly moved are not told again
  const found = await attributes();
  expect(Object.keys(found).sort()).toEqual(Object.keys(exact).sort());
  for (const [id, all] of Object.entries(exact)) {
    const own = Object.entries(all).filter(([name]) => isTold(name));
    expect(Object.keys(found[id]!).sort()).toEqual(own.map(([name]) => name).sort());
    for (const [name, value] of own) {
      const was = found[id]![name];
      if (typeof value !== 'number') expect([name, was]).toEqual([name, value]);
      else expect(Math.abs(value - Number(was))).toBeLessThanOrEqual(Math.abs(Number(was)) / 10);
    }
  }
}

/** Resolves when profiles show what was published. */
async function shown(): Promise<void> {
  const sql = `SELECT count() AS lacking FROM
    (SELECT profile_id, toString(name) AS name, value FROM computed_attributes) AS a
    FULL JOIN (
      SELECT profile_id, part.1 AS name, JSONExtractRaw(part.2, 'value') AS value
      FROM live_profiles ARRAY JOIN JSONExtractKeysAndValuesRaw(computed) AS part
    ) AS p ON a.profile_id = p.profile_id AND a.name = p.name
    WHERE a.value != p.value`;
  const isShown = async () => expect(await world.query(sql)).toEqual([{ lacking: 0 }]);
  await vi.waitFor(isShown, { timeout: 20_000, interval: 200 });
}

const SINGLES = Array.from({ length: PEOPLE }, (_, i) => [i]);

test('every aggregate and condition gives what a plain computation over the events gives', async () => {
  const unlike = { where: { mart: 'profiles', column: 'profile_id', gt: 5 } };
  const segments = { ...world.config.workspaces[0]!.segments, unlike };
  const traits = {
    ...told().computed,
    two: { sql: 'SELECT profile_id, arrayJoin([9, 10]) AS value FROM profiles', unit: 0 },
  };
  await expect(
    servedMart().refresh({ ...ask(), workspace: { ...told(), segments, computed: traits } }),
  ).rejects.toThrow(
    /: trait\.two: .*different values for profile.*; segment\.broken: .*nowhere.*; segment\.sly: .*profile_rows.*; segment\.unlike: column profile_id of profiles is text, .*; all others are up to date$/,
  );
  await expectAll(SINGLES, () => true);
  await shown();
  const [first] = await ids();
  const { body } = await world.call('GET', `/v1/profiles/${first}/scores`);
  const { scores } = body as { scores: Record<string, unknown> };
  expect(scores['trait.orders']).toMatchObject({
    kind: 'trait',
    computedAt: '2026-04-02T22:30:00.000Z',
    fitId: '',
    fit: null,
  });
  // A score with what it rests on, once that is known
  const scored = [...new Set(await ids())].sort()[0];
  const band = async () =>
    ((await world.call('GET', `/v1/profiles/${scored}/scores`)).body as { scores: Record<string, unknown> }).scores[
      'churn.band'
    ];
  expect(await band()).toMatchObject({ value: 'low', fitId: 'f1', fit: null });
  await world.warehouse.insert('kenal.model_rows', [SCORE_FIT.row]);
  expect(await band()).toMatchObject({ fit: SCORE_FIT.shown });
});

test('a refresh that finds nothing new tells nothing, and segments are entered and left once each', async () => {
  const before = (await readTopic<Computed>(world.log, 'computed')).length;
  await refresh();
  expect((await readTopic(world.log, 'computed')).length).toBe(before);
  // Forty days later everybody who was active is so no more
  const active = await world.query<{ profile_id: string }>(
    "SELECT profile_id FROM segment_members WHERE segment = 'active' ORDER BY 1",
  );
  expect(active.length).toBeGreaterThan(2);
  now += 40 * 86_400_000;
  await refresh();
  await refresh();
  await expectAll(SINGLES);
  const log = await world.query<{ profile_id: string; events: string[] }>(
    `SELECT profile_id, groupArray(toString(event)) AS events
     FROM (SELECT * FROM segment_log WHERE segment = 'active' ORDER BY occurred_at) GROUP BY profile_id ORDER BY profile_id`,
  );
  expect(log.map(({ profile_id }) => ({ profile_id }))).toEqual(active);
  for (const { events } of log) expect(events).toEqual(['entered', 'left']);
  expect(await world.query("SELECT * FROM segment_members WHERE segment = 'active'")).toEqual([]);
  // In Berlin it was the third of April when they were found
  const were = (day: string, view = 'segment_members', of = "segment = 'active'") =>
    world.query(`SELECT profile_id FROM ${view}_as_of(as_of = '${day}') WHERE ${of} ORDER BY 1`);
  expect([await were('2026-04-02'), await were('2026-04-03')]).toEqual([[], active]);
  expect(await were('2026-04-03', 'computed_attributes', "name = 'segment.active'")).toEqual(active);

  await shown();
  const feed = (await readTopic<Change>(world.log, 'changes')).filter(({ cause }) => cause.rule === 'computed');
  const steps = feed.filter(({ changed }) => changed.includes('computed.segment.active'));
  const is = (computed: string) =>
    (JSON.parse(computed) as Record<string, { value: unknown }>)['segment.active']?.value ?? null;
  const byProfile = Map.groupBy(steps, ({ profileId }) => profileId);
  expect([...byProfile.keys()].sort()).toEqual(active.map((row) => row.profile_id));
  for (const own of byProfile.values())
    expect(own.map(({ before: was, after }) => [is(was!.computed), is(after!.computed)])).toEqual([
      [null, true],
      [true, null],
    ]);
});

test('who is merged, parted again or forgotten is computed as she is then', async () => {
  const decide = async (body: object): Promise<void> => {
    expect((await world.call('POST', '/v1/directives', { ...body, reason: 'test' })).status).toBe(202);
    await world.settle();
  };
  await decide({ must: { a: 'user_id:u0', b: 'user_id:u2' } });
  const are = (wanted: (all: Awaited<ReturnType<typeof ids>>) => boolean) =>
    vi.waitFor(async () => expect(wanted(await ids())).toBe(true), { timeout: 20_000, interval: 50 });
  await are(([one, , other]) => one === other);
  await refresh();
  await expectAll([[0, 2], ...SINGLES.filter(([i]) => i !== 0 && i !== 2)]);
  await shown();
  await decide({ unlink: { a: 'user_id:u0', b: 'user_id:u2' } });
  await are(([one, , other]) => one !== other);
  await refresh();
  await expectAll(SINGLES);
  await decide({ erase: { profile: 'user_id:u1' } });
  const erased = "SELECT count() AS rows FROM kenal.profile_rows FINAL WHERE NOT live AND change_type = 'erased'";
  await vi.waitFor(async () => expect(await world.warehouse.query(erased, { role: 'writer' })).toEqual([{ rows: 1 }]), {
    ...{ timeout: 20_000, interval: 100 },
  });
  await are(([, gone]) => gone === undefined);
  await refresh();
  await expectAll(
    SINGLES.filter(([i]) => i !== 1),
    () => true,
  );
  const left = await world.warehouse.query(
    'SELECT count() AS rows FROM kenal.computed_rows WHERE profile_id NOT IN (SELECT profile_id FROM kenal.profile_rows FINAL WHERE live)',
    { role: 'writer' },
  );
  expect(left).toEqual([{ rows: 0 }]);
  await shown();
});

test('a refresh that is killed between its table and the topic is finished by the next one, with the same words', async () => {
  now += 60 * 86_400_000;
  const cut: EventLog = { ...world.log, append: () => Promise.reject(new Error('killed')) };
  await expect(martOn(cut).refresh(ask())).rejects.toThrow('killed');
  const waiting = await world.warehouse.query<{ name: string }>(
    'SELECT DISTINCT toString(name) AS name FROM kenal.computed_rows GROUP BY name, profile_id, computed_at HAVING max(sent) = 0',
    { role: 'writer' },
  );
  expect(waiting.length).toBe(1);
  now += 1_000;
  await refresh();
  await shown();
  const said = (await readTopic<Computed>(world.log, 'computed')).filter(({ name }) => name === waiting[0]!.name);
  const newest = said.filter(({ computedAt }) => computedAt >= (now - 1_000) * 1_000);
  expect(newest.length).toBeGreaterThan(0);
  expect(newest.every(({ computedAt }) => computedAt === (now - 1_000) * 1_000)).toBe(true);
});

test('what profiles have lost is told again, and what is declared no more is taken away', async () => {
  const [first] = await ids();
  const stored = await world.query<{ traits: string }>(
    `SELECT traits FROM live_profiles WHERE profile_id = '${first}'`,
  );
  await world.warehouse.insert('kenal.profile_rows', [
    {
      workspace: 'shop',
      profile_id: first,
      version: 9e15,
      live: true,
      traits: stored[0]!.traits,
      change_type: 'updated',
    },
  ]);
  const before = (await readTopic<Computed>(world.log, 'computed')).length;
  await refresh();
  const again = (await readTopic<Computed>(world.log, 'computed')).slice(before);
  expect(new Set(again.map(({ profileId }) => profileId))).toEqual(new Set([first]));
  expect(again.length).toBeGreaterThan(2);
  await refresh(); // it takes a moment until profiles show what was told
  expect((await readTopic(world.log, 'computed')).length).toBe(before + again.length);

  const { sources, stewardKeys } = world.config.workspaces[0]!;
  const config = kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources, stewardKeys }] });
  await martOn(world.log).refresh({ ...ask(), workspace: config.workspaces[0]! });
  expect(await attributes()).toEqual({});
});
