import { type Change, type FailedEvent, type Interaction, type Resolved, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicWriter } from '@kenal/event-log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRecords, readTopic } from '../../../test/support/read-topic.ts';
import { type Backend, openAdapters, startEmbedded } from './testing/backends.ts';
import { drained, expectLedger, feed } from './testing/ledger.ts';
import { generate, interactionOf } from './testing/people.ts';
import { startResolver } from './testing/resolver.ts';

let backend: Backend;
let log: Awaited<ReturnType<typeof openAdapters>>['log'];
let state: Awaited<ReturnType<typeof openAdapters>>['state'];
beforeEach(async () => {
  backend = await startEmbedded();
  ({ log, state } = await openAdapters(backend.environment));
});
afterEach(async () => {
  await state.close();
  await log.close();
  await backend.stop();
});

const failedEvents = () => readTopic<FailedEvent>(log, 'failed');

test('what is no interaction, or cannot be decided, becomes a failed event with its bytes; everything around it is resolved', async () => {
  const good = generate(3, 100);
  await feed(log, good.slice(0, 50));
  const bytes = new TextEncoder().encode('not avro at all');
  await log.append(TOPICS.interactions.name, [{ key: 'shop/u1', value: bytes }]);
  const bad = interactionOf('bad', 'web', [{ type: 'user_id', value: 'u1' }], 1, '{"broken');
  await createTopicWriter<Interaction>(log, 'interactions').append([{ key: 'shop/u1', value: bad }]);
  await feed(log, good.slice(50));
  const resolver = await startResolver(backend.environment);
  await drained(log);
  const failed = (await failedEvents()).sort((a, b) => (a.code < b.code ? -1 : 1));
  expect(failed.map(({ code, stage, messageId, source }) => [code, stage, messageId, source])).toEqual([
    ['event_undecodable', 'resolver', '', ''],
    ['event_unresolvable', 'resolver', 'bad', 'web'],
  ]);
  expect(new TextDecoder().decode(failed[0]?.body)).toBe('not avro at all');
  expect(createCodec<Interaction>('interaction').decode(failed[1]!.body)).toEqual(bad);
  expect(failed[1]?.receipt).toEqual(bad.receipt);
  await expectLedger(log, state, good);
  await resolver.stop();
});

test('a record as large as the log takes is refused too: its first bytes are kept, and where the whole stands', async () => {
  const good = generate(7, 20);
  await feed(log, good.slice(0, 10));
  const value = new Uint8Array(1_000_000).fill(7);
  const [position] = await log.append(TOPICS.interactions.name, [{ key: null, value }]);
  await feed(log, good.slice(10));
  const resolver = await startResolver(backend.environment);
  await drained(log);
  const [failed] = await failedEvents();
  expect(failed).toMatchObject({ code: 'event_undecodable', stage: 'resolver' });
  expect(failed!.body).toHaveLength(900_000);
  expect(failed!.contentType).toBe('application/vnd.kenal.cut; type="application/avro"; bytes=1000000');
  expect(failed!.reason).toContain(
    `of 1000000 bytes; the whole record: ${position!.topic}/${position!.partition}@${position!.offset})`,
  );
  await expectLedger(log, state, good);
  await resolver.stop();
});

test('an interaction that no record could hold with its person is refused before it is evidence, and blocks nothing', async () => {
  const good = generate(9, 40);
  const user = [{ type: 'user_id', value: 'foreign' }];
  const large = { ...interactionOf('large', 'web', user, 1, null), properties: `{"x":"${'x'.repeat(950_000)}"}` };
  const unnamed = interactionOf('i'.repeat(600_000), 'web', [], 2, null);
  await feed(log, good.slice(0, 20));
  await feed(log, [large, unnamed]);
  await feed(log, good.slice(20));
  const resolver = await startResolver(backend.environment);
  await drained(log);
  const failed = (await failedEvents()).sort((a, b) => a.messageId.length - b.messageId.length);
  expect(failed.map(({ code, messageId }) => [code, messageId])).toEqual([
    ['event_too_large', 'large'],
    ['event_too_large', 'i'.repeat(512)],
  ]);
  expect(failed[0]!.body).toHaveLength(900_000);
  expect(failed[0]!.contentType).toMatch(/^application\/vnd\.kenal\.cut; type="application\/avro"; bytes=950\d\d\d$/);
  expect(failed[1]!.contentType).toBe('application/avro');
  expect(createCodec<Interaction>('interaction').decode(failed[1]!.body)).toEqual(unnamed);
  expect((await state.load('shop', ['user_id:foreign'])).pointers.size).toBe(0);
  await expectLedger(log, state, good);
  await resolver.stop();
});

test('a profile grows no larger than a record can tell: what would make it so is refused, what follows is not', async () => {
  const user = [{ type: 'user_id', value: 'hoarder' }];
  const resolver = await startResolver(backend.environment);
  const traits = (n: number) => `{"t${n}":"${'x'.repeat(56_000)}"}`;
  for (const from of [0, 5, 10, 15]) {
    const group = [0, 1, 2, 3, 4].map((n) => interactionOf(`m${from + n}`, 'web', user, from + n, traits(from + n)));
    await feed(log, group);
    await drained(log);
  }
  await feed(log, [interactionOf('small', 'web', user, 99, '{"city":"Bonn"}')]);
  await drained(log);
  const failed = await failedEvents();
  expect(failed.map(({ messageId, code }) => [messageId, code])).toEqual(
    [15, 16, 17, 18, 19].map((n) => [`m${n}`, 'event_too_large']),
  );
  const last = (await readTopic<Change>(log, 'changes')).at(-1);
  expect(JSON.parse(last!.after!.traits)).toMatchObject({ city: 'Bonn', t14: expect.any(String) });
  expect(last).toMatchObject({ before: null, changed: ['traits.city'] }); // not both fit into one
  await resolver.stop();
});

test('one component that is damaged refuses its own events and no others', async () => {
  const first = interactionOf('one', 'web', [{ type: 'user_id', value: 'damaged' }], 1, '{"a":1}');
  const resolver = await startResolver(backend.environment);
  await feed(log, [first]);
  await drained(log);
  // Not before the first sweep, which would mend it
  const swept = async () => (await state.load('shop', ['*:rules'])).components.get('*rules')?.fields.has('version');
  await expect.poll(swept, { timeout: 20_000 }).toBe(true);
  const { components } = await state.load('shop', ['user_id:damaged']);
  const [component] = components.values();
  const none = { absent: [], absorb: [], unset: [], point: [], issued: new Map(), outbox: [] };
  // An owner without a profile: only a fault of ours or of the disk can make it
  const expected = new Map([[component!.id, component!.version]]);
  const damage = { ...none, target: component!.id, expect: expected, set: new Map(), unset: ['a|user_id:damaged'] };
  expect(await state.commit('shop', [damage])).toEqual([true]);
  await feed(log, [
    interactionOf('two', 'web', [{ type: 'user_id', value: 'damaged' }], 2, null),
    interactionOf('three', 'web', [{ type: 'user_id', value: 'sound' }], 3, null),
  ]);
  await drained(log);
  expect((await failedEvents()).map(({ messageId, code }) => [messageId, code])).toEqual([
    ['two', 'event_unresolvable'],
  ]);
  const rows = (await readTopic<Resolved>(log, 'resolved')).map(({ interaction }) => interaction.id);
  expect(rows.sort()).toEqual(['one', 'three']);
  await resolver.stop();
});

test('a workspace that is new to the configuration has nothing read again; where the roster was lost all is, once, and nothing is told anew', async () => {
  const all = generate(5, 200);
  await feed(log, all);
  const before = await startResolver(backend.environment, undefined, ['shop']);
  await drained(log);
  await before.stop();
  const changes = (await readRecords(log, TOPICS.changes.name)).length;
  for (const [lost, expected] of [
    [[], 0],
    [['*', 'idle'], all.length],
    [['idle'], 0],
  ] as const) {
    for (const workspace of lost) await backend.flush(workspace);
    const rows = (await readRecords(log, TOPICS.resolved.name)).length;
    const resolver = await startResolver(backend.environment, undefined, ['shop', 'idle']);
    await drained(log);
    const processed = () => resolver.state.processed(['idle'], [0, 1, 2, 3, 4, 5, 6, 7]);
    const ends = (await log.ranges(TOPICS.interactions.name)).map(({ latest }) => latest);
    await expect.poll(async () => (await processed()).map(({ offset }) => offset), { timeout: 20_000 }).toEqual(ends);
    await resolver.stop();
    expect((await readRecords(log, TOPICS.resolved.name)).length - rows).toBe(expected);
  }
  expect((await readRecords(log, TOPICS.changes.name)).length).toBe(changes);
  await expectLedger(log, state, all);
});
