import { type Directive, parseTime } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import { erasureHash } from '@kenal/service-kit';
import { describe, expect, test } from 'vitest';
import { decode, id, UNLINK, useShop } from '../testing/shop.ts';
import { ERASURE_KEY, KEYS } from '../testing/world.ts';

const shop = useShop();
const { decide, logged, profileOf, read } = shop;

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
        (await (await shop.world.get('/v1/interactions?limit=100')).json()) as { interactions: { id: string }[] }
      ).interactions
        .map((one) => one.id)
        .sort();
    await shop.world.feed('shop', [{ id: 'd1', identifiers: [id('user_id', 'dan')] }]);
    expect(await tail()).toContain('d1');
    const { body } = await decide({ erase: { profile: 'user_id:dan' }, reason: 'request 19' });
    const before = await tail();
    expect(before).not.toContain('d1');
    const receivedAt = (parseTime(body.directive.issuedAt) ?? 0) + 1;
    await shop.world.feed('shop', [{ id: 'd2', identifiers: [id('user_id', 'dan')], receivedAt }]);
    expect(await tail()).toEqual([...before, 'd2'].sort());
  });

  test('takes its place after one of a clock that is ahead, and as an erasure only what came until it was asked for', async () => {
    const person = [id('user_id', 'eve-ahead')];
    const asked = Date.now() * 1_000;
    await decide(UNLINK);
    const { value } = (await logged()).at(-1)!;
    const ahead = { ...decode(value), id: 'ahead', issuedAt: asked + 700e6 };
    await createTopicWriter<Directive>(shop.world.log, 'directives').append([{ key: 'shop', value: ahead }]);
    await shop.world.feed('shop', [{ id: 'eve-1', identifiers: person, receivedAt: asked }]);
    const { body } = await decide({ erase: { profile: 'user_id:eve-ahead' }, reason: 'request 21' });
    expect(parseTime(body.directive.issuedAt)).toBeGreaterThan(asked + 500e6);
    await shop.world.feed('shop', [{ id: 'eve-2', identifiers: person, receivedAt: Date.now() * 1_000 + 5_000 }]);
    const answer = await shop.world.get('/v1/interactions?limit=100');
    const { interactions } = (await answer.json()) as { interactions: { id: string }[] };
    expect(interactions.map((one) => one.id).filter((one) => one.startsWith('eve-'))).toEqual(['eve-2']);
  });

  test('is also the DELETE of a profile', async () => {
    const remove = (query: string, key: string = KEYS.steward) =>
      read(
        fetch(`${shop.world.url}/v1/profiles/user_id:bob${query}`, {
          method: 'DELETE',
          headers: { 'x-steward-key': key },
        }),
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
