import { type Interaction, parseTime } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { applyErased } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DirectiveView } from '../directives/schemas.ts';
import { INTERACTION, KEYS, startWorld, type World } from '../testing/world.ts';

const id = (type: string, value: string) => ({ type, value });
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const avro = createCodec<Interaction>('interaction');

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

async function failed(key: string = KEYS.shop): Promise<string[]> {
  const answer = await world.get('/v1/failed?limit=100', { 'x-read-key': key });
  const body = (await answer.json()) as { failed: readonly { failureId: string }[] };
  return body.failed.map(({ failureId }) => failureId).sort();
}

async function erase(profile: string): Promise<number> {
  const answer = await world.post('/v1/directives', { erase: { profile }, reason: 'request 5' });
  const { directive } = (await answer.json()) as { directive: DirectiveView };
  return parseTime(directive.issuedAt)!;
}

test('what was refused of an erased person before is not shown, however it is written', async () => {
  const person = [id('user_id', 'ann-77'), id('email', 'Ann.Lee@gmail.com'), id('phone', '+12015570123')];
  await world.feed('shop', [{ id: 'i1', identifiers: person, receivedAt: 1e15 }]);
  const one = { receivedAt: 1e15 };
  const bytes = avro.encode({ ...INTERACTION, workspace: 'shop', identifiers: [id('email', 'Ann.Lee@gmail.com')] });
  await world.refuse('shop', { ...one, failureId: 'id', body: json({ userId: 'ann-77' }) });
  await world.refuse('shop', { ...one, failureId: 'dots', body: json({ a: [{ mail: 'a.n.nlee@gmail.com' }] }) });
  await world.refuse('shop', { ...one, failureId: 'phone', body: json({ traits: { tel: '+1 (201) 557-0123' } }) });
  await world.refuse('shop', {
    ...one,
    failureId: 'avro',
    stage: 'resolver',
    contentType: 'application/avro',
    body: Buffer.from(bytes),
  });
  await world.refuse('shop', {
    ...one,
    failureId: 'form',
    contentType: 'text/plain',
    body: Buffer.from('u=ANN-77&x=1'),
  });
  await world.refuse('shop', { ...one, failureId: 'reason', body: json({}), reason: 'ann-77 is too short' });
  await world.refuse('shop', { ...one, failureId: 'other', body: json({ userId: 'ann-777', like: 'joann-77' }) });
  await world.refuse('bank', { ...one, failureId: 'bank', body: json({ userId: 'ann-77' }) });
  // Too large for a record: what is kept is its beginning
  const cut = 'application/vnd.kenal.cut; type="application/avro"; bytes=950000';
  await world.refuse('shop', {
    ...one,
    failureId: 'cut',
    stage: 'resolver',
    contentType: cut,
    body: Buffer.from(bytes.subarray(0, 90)),
  });
  const all = ['avro', 'cut', 'dots', 'form', 'id', 'other', 'phone', 'reason'];
  expect(await failed()).toEqual(all);

  const at = await erase('user_id:ann-77');
  // What holds an identifier as a value of its own is known at once
  expect(await failed()).toEqual(['form', 'other', 'reason']);
  await applyErased(world.warehouse, [{ workspace: 'shop', key: 'user_id:ann-77', ver: at + 5 }]);
  expect(await failed()).toEqual(['other']);
  expect(await failed(KEYS.bank)).toEqual(['bank']);

  // Whoever comes after is somebody else
  await world.refuse('shop', { failureId: 'new', body: json({ userId: 'ann-77' }), receivedAt: at + 10 });
  expect(await failed()).toEqual(['new', 'other']);
});
