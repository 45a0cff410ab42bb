import type { Change, EventLog, IdentityState } from '@kenal/contracts';
import { decodeComponent, profileOf, rulesOf } from '@kenal/identity';
import { erasureHash } from '@kenal/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { type Backend, openAdapters, startEmbedded } from '../testing/backends.ts';
import { compute, computedOf, kept } from '../testing/computing.ts';
import { carriedOut, decide, directiveOf, pairOf } from '../testing/decisions.ts';
import { drained, feed } from '../testing/ledger.ts';
import { CONFIG, ERASURE_KEY, interactionOf } from '../testing/people.ts';
import { startResolver } from '../testing/resolver.ts';

const { identity, traits } = CONFIG.workspaces[0]!;
const RULES = rulesOf(identity, 'shop', { traits });
const AT = Date.UTC(2026, 8, 2) * 1_000;
const [ANN, BOB, EVE] = ['user_id:ann', 'user_id:bob', 'user_id:eve'];

let backend: Backend;
let log: EventLog;
let state: IdentityState;
let resolver: Awaited<ReturnType<typeof startResolver>>;
beforeAll(async () => {
  backend = await startEmbedded();
  ({ log, state } = await openAdapters(backend.environment));
  resolver = await startResolver(backend.environment);
});
afterAll(async () => {
  await resolver?.stop();
  await state?.close();
  await log?.close();
  await backend?.stop();
});

const seen = (id: string, ...keys: string[]) =>
  interactionOf(
    id,
    'web',
    keys.map((key) => ({ type: key.split(':')[0]!, value: key.split(':')[1]! })),
    AT - 1_000_000,
    null,
  );

async function profile(key: string) {
  const { pointers, components } = await state.load('shop', [key]);
  const component = components.get(pointers.get(key) ?? '');
  return component === undefined ? null : profileOf(decodeComponent(component.fields, RULES), RULES, key);
}

const valuesOf = async (key: string) =>
  Object.fromEntries(Object.entries((await profile(key))?.computed ?? {}).map(([name, { value }]) => [name, value]));

/** Append, and wait for it. */
async function say(...said: readonly Parameters<typeof computedOf>[]): Promise<void> {
  await compute(
    log,
    said.map((one) => computedOf(...one)),
  );
  await kept(log, state);
}

test('what is computed of a profile stands beside its traits, and each change of it is told once', async () => {
  await feed(log, [seen('a', ANN), seen('b', BOB), seen('e', EVE)]);
  await drained(log);
  const ann = (await profile(ANN))!.id;
  await say([ann, 'churn.band', 'low', AT], [ann, 'tier', 'gold', AT], ['nobody', 'tier', 'gold', AT]);
  await say([ann, 'churn.band', 'high', AT + 2], [ann, 'churn.band', 'low', AT], [ann, 'tier', null, AT + 1]);
  await say([ann, 'churn.band', 'high', AT + 3]);
  const told = {
    value: 'high',
    kind: 'score',
    fitId: 'f1',
    reason: 'because',
    computedAt: '2026-09-02T00:00:00.000003Z',
  };
  expect((await profile(ANN))!.computed).toEqual({ 'churn.band': told });

  const changes = (await readTopic<Change>(log, 'changes')).filter(({ cause }) => cause.rule === 'computed');
  expect(
    changes.every(({ profileId, type, cause }) => profileId === ann && type === 'updated' && cause.messageId === 'f1'),
  ).toBe(true);
  expect(new Set(changes.flatMap(({ changed }) => changed))).toEqual(new Set(['computed.churn.band', 'computed.tier']));
  const { before, after } = changes.at(-1)!;
  expect(JSON.parse(before!.computed)['churn.band'].value).toBe('low');
  expect(JSON.parse(after!.computed)).toEqual({ 'churn.band': { ...told, computedAt: '2026-09-02T00:00:00.000002Z' } });
  expect(await resolver.metrics()).toContain('kenal_resolver_computed_dropped_total{reason="unknown"} 1');
});

test('who takes another in keeps what was computed of herself, and both have their own again after a split', async () => {
  const [ann, bob] = [(await profile(ANN))!.id, (await profile(BOB))!.id];
  await say([bob, 'tier', 'silver', AT]);
  await decide(log, [directiveOf(1, 'must', pairOf(ANN, BOB, 'must'))]);
  await carriedOut(log, state);
  const one = (await profile(ANN))!.id;
  expect((await profile(BOB))!.id).toBe(one);
  const own = await valuesOf(ANN);
  expect(own).toEqual(one === ann ? { 'churn.band': 'high' } : { tier: 'silver' });

  // A word on the one who was taken in, late: she has it when she is back
  const other = one === ann ? bob : ann;
  await say([other, 'clv.p50', '7', AT + 5]);
  expect(await valuesOf(BOB)).toEqual(own);
  await decide(log, [directiveOf(2, 'unlink', pairOf(ANN, BOB, 'cannot'))]);
  await carriedOut(log, state);
  const late = { 'clv.p50': '7' };
  expect(await valuesOf(ANN)).toEqual({ 'churn.band': 'high', ...(other === ann ? late : {}) });
  expect(await valuesOf(BOB)).toEqual({ tier: 'silver', ...(other === bob ? late : {}) });
});

test('of who is forgotten nothing is kept, nor of what was computed before and is read late or again', async () => {
  const eve = (await profile(EVE))!.id;
  await say([eve, 'tier', 'gold', AT]);
  await decide(log, [
    directiveOf(3, 'erase', { profileId: eve, erased: [erasureHash(ERASURE_KEY, EVE)], issuedAt: AT + 10 }),
  ]);
  await carriedOut(log, state);
  await say([eve, 'tier', 'gold', AT + 1]);
  // She is back by the same id, as a stranger
  await feed(log, [{ ...seen('e2', EVE), clientAt: AT + 20, receivedAt: AT + 20, occurredAt: AT + 20 }]);
  await drained(log);
  await say([eve, 'tier', 'gold', AT + 2]);
  expect((await profile(EVE))!.id).toBe(eve);
  expect(await valuesOf(EVE)).toEqual({});
  await say([eve, 'tier', 'bronze', AT + 30]);
  expect(await valuesOf(EVE)).toEqual({ tier: 'bronze' });
});
