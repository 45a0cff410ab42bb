import type { EventLog, IdentityConfig, IdentityState } from '@kenal/contracts';
import { createBlockedKeys, createNormaliser, decodeComponent, profileOf, rulesOf } from '@kenal/identity';
import { createLogger, erasureHash } from '@kenal/service-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startProcess } from '../../../../test/support/process.ts';
import { type Backend, openAdapters, startEmbedded } from '../testing/backends.ts';
import { carriedOut, decide, directiveOf } from '../testing/decisions.ts';
import { drained, feed } from '../testing/ledger.ts';
import { type LoadedWarehouse, startWarehouse } from '../testing/loaded-warehouse.ts';
import { CONFIG, ERASURE_KEY, generate, interactionOf, withRules } from '../testing/people.ts';
import { startResolver } from '../testing/resolver.ts';
import { rebuildState } from './rebuild.ts';

const SHOP = 'shop';
const logger = createLogger({ name: 'owners-test', level: process.env.KENAL_LOG || 'silent' });
const CHILD = new URL('../testing/rebuild-child.ts', import.meta.url).pathname;

type Rules = Partial<IdentityConfig>;
const OPEN: Rules = {};
const BLOCKING: Rules = {
  blocked: ['email:till@x.de', 'email:gone@x.de'],
  blockedPatterns: ['user_id:u1.*', 'email:family.*'],
};
const DEVICES_FIRST: Rules = { priority: ['anonymous_id', 'phone', 'email', 'user_id'] };

const at = Date.UTC(2026, 5, 1) * 1_000;
const visitor = (name: string, more: number, ...identifiers: { type: string; value: string }[]) =>
  interactionOf(`${name}-${more}`, 'web', identifiers, at + more, `{"name":"${name}","visits":${more}}`);
const email = { type: 'email', value: 'till@x.de' };
const anonymous = (value: string) => ({ type: 'anonymous_id', value });
const EVENTS = [
  ...generate(61, 150),
  visitor('v1', 1, anonymous('v1'), email),
  visitor('v2', 2, anonymous('v2'), email),
  visitor('till', 3, email),
];
const GONE = visitor('gone', 5, { type: 'email', value: 'gone@x.de' });
const ERASE = directiveOf(1, 'erase', {
  profileId: rulesOf(CONFIG.workspaces[0]!.identity, SHOP).profileIdOf('email:gone@x.de'),
  erased: [erasureHash(ERASURE_KEY, 'email:gone@x.de')],
});

let backend: Backend;
let log: EventLog;
let state: IdentityState;
let store: LoadedWarehouse;
beforeEach(async () => {
  backend = await startEmbedded();
  ({ log, state } = await openAdapters(backend.environment));
  store = await startWarehouse(log, CONFIG);
});
afterEach(async () => {
  await store.stop();
  await state.close();
  await log.close();
  await backend.stop();
});

/** Have a resolver work by some rules until the rows say what is expected of them. */
async function resolve(rules: Rules, events: Parameters<typeof feed>[1], settled: () => Promise<void>): Promise<void> {
  const resolver = await startResolver(backend.environment, undefined, undefined, withRules(CONFIG, rules));
  await feed(log, events);
  await drained(log);
  await store.loaded();
  await settled();
  await resolver.stop();
  await store.loaded();
}

/** @returns how many rows of the shop were written again */
async function rebuild(rules: Rules): Promise<number> {
  await backend.flush();
  const config = withRules(CONFIG, rules);
  const [shop] = await rebuildState({ log, state, warehouse: store.warehouse, config, logger });
  return shop!.owned;
}

interface Row {
  readonly event: string;
  readonly owner: string;
  readonly profile: string;
  readonly identifiers: readonly { readonly type: string; readonly value: string }[];
}

const rows = () =>
  store.warehouse.query<Row & { readonly sent: Row['identifiers'] }>(
    `SELECT concat(source, ' ', message_id) AS event, owner, profile_id AS profile, identifiers, identifiers_sent AS sent
     FROM kenal.interactions ORDER BY event`,
    { workspace: SHOP },
  );

/** Each row names the owner that the rules find, and the profile that the state has it in. */
async function expectOwnersOf(by: Rules): Promise<void> {
  const [{ identity, traits }] = [withRules(CONFIG, by).workspaces[0]!];
  const rules = rulesOf(identity, SHOP, { traits, isBlocked: createBlockedKeys(identity) });
  const normalise = createNormaliser(identity, 'US');
  const expected = async (): Promise<Row[]> => {
    const found = (await rows()).map(({ event, sent }) => ({ event, ...normalise(sent) }));
    const { pointers, components } = await state.load(SHOP, [...new Set(found.map(({ owner }) => owner))]);
    return found.map(({ event, owner, identifiers }) => {
      const component = components.get(pointers.get(owner) ?? '');
      const person = component && profileOf(decodeComponent(component.fields, rules), rules, owner);
      const valid = identifiers.map(({ type, value }) => ({ type, value }));
      return { event, owner, profile: person?.id ?? '', identifiers: valid };
    });
  };
  const differing = async (): Promise<[Row, Row][]> => {
    const [are, should] = [await rows(), await expected()];
    return are.flatMap(({ sent: _, ...row }, i) =>
      JSON.stringify(row) === JSON.stringify(should[i]) ? [] : [[row, should[i]!] as [Row, Row]],
    );
  };
  await expect.poll(differing, { timeout: 20_000 }).toEqual([]);
}

/** Every profile that is shown has an interaction. */
async function expectNobodyLeft(): Promise<void> {
  const shown = async (): Promise<string[]> => {
    const found = await store.warehouse.query<{ id: string }>(
      'SELECT profile_id AS id FROM kenal.profiles ORDER BY id',
      {
        workspace: SHOP,
      },
    );
    return found.map(({ id }) => id);
  };
  const people = new Set((await rows()).map(({ profile }) => profile).filter((profile) => profile !== ''));
  expect(await shown()).toEqual([...people].sort());
}

const rowOf = async (event: string): Promise<Row | undefined> => (await rows()).find((row) => row.event === event);

test('a rebuild by other rules leaves rows and state with the same owners and profiles, and back by those of before', {
  timeout: 60_000,
}, async () => {
  await resolve(OPEN, [...EVENTS, GONE], async () => {
    await decide(log, [ERASE]);
    await carriedOut(log, state);
    await expect.poll(() => rowOf('web gone-5'), { timeout: 20_000 }).toBeUndefined();
    await expectOwnersOf(OPEN);
  });
  const before = await rows();

  // Blocked while all stands: who had nothing else is nobody, until the rebuild finds them the next best owner
  await resolve(BLOCKING, [], () =>
    expect.poll(() => rowOf('web v2-2'), { timeout: 20_000 }).toMatchObject({ owner: 'email:till@x.de', profile: '' }),
  );
  expect(await rebuild(BLOCKING)).toBeGreaterThan(10);
  await resolve(BLOCKING, [], () => expectOwnersOf(BLOCKING));
  await expectNobodyLeft();
  expect(await rowOf('web gone-5')).toBeUndefined(); // nobody's now, and yet what was erased
  expect(await rowOf('web v2-2')).toMatchObject({ owner: 'anonymous_id:v2' });
  expect(await rowOf('web till-3')).toMatchObject({ owner: '', profile: '' });

  // Blocked no more: an event of the one visitor takes nothing from the other
  const { profile } = (await rowOf('web v2-2'))!;
  await resolve(OPEN, [visitor('v1', 4, anonymous('v1'), email)], async () => {
    await expect.poll(() => rowOf('web v1-4'), { timeout: 20_000 }).toMatchObject({ owner: 'email:till@x.de' });
    expect(await rowOf('web v2-2')).toMatchObject({ owner: 'anonymous_id:v2', profile });
  });
  expect(await rebuild(OPEN)).toBeGreaterThan(10);
  await resolve(OPEN, [], () => expectOwnersOf(OPEN));
  expect((await rows()).filter(({ event }) => event !== 'web v1-4')).toEqual(before);

  expect(await rebuild(DEVICES_FIRST)).toBeGreaterThan(50);
  await resolve(DEVICES_FIRST, [], () => expectOwnersOf(DEVICES_FIRST));
  await expectNobodyLeft();
});

test('a rebuild that dies when it has written some of the rows of other owners is begun anew and writes the rest', {
  timeout: 60_000,
}, async () => {
  await resolve(OPEN, EVENTS, () => expectOwnersOf(OPEN));
  await backend.flush();
  await store.close();
  const child = startProcess('rebuild that dies with one of three sources written', [CHILD], {
    ...{ CRASH_PHASE: 'owners', CRASH_DONE: '1', RULES: JSON.stringify(BLOCKING) },
    ...{ ADAPTERS: JSON.stringify(backend.environment), WAREHOUSE: store.dataDir },
  });
  const [, done, total] = await child.seen(/dies while owners \((\d+) of (\d+)\)/);
  expect(await child.ended, child.output()).toBe(null); // by a signal
  store = await startWarehouse(log, CONFIG, store.dataDir);
  const config = withRules(CONFIG, BLOCKING);
  const [shop] = await rebuildState({ log, state, warehouse: store.warehouse, config, logger });
  expect(shop!.owned).toBe(Number(total) - Number(done));
  expect(shop!.owned).toBeGreaterThan(0);
  await resolve(BLOCKING, [], () => expectOwnersOf(BLOCKING));
});

test('a state that is lost and read again from the log under other rules gives the rows its owners', {
  timeout: 60_000,
}, async () => {
  await resolve(OPEN, EVENTS, () => expectOwnersOf(OPEN));
  await backend.flush();
  const other = { ...BLOCKING, ...DEVICES_FIRST };
  await resolve(other, [], () => expectOwnersOf(other));
});
