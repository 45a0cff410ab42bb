import { type Directive, parseTime } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import { erasureHash } from '@kenal/service-kit';
import { describe, expect, test } from 'vitest';
import { decode, id, UNLINK, useShop } from '../testing/shop.ts';
import { interactionRow } from '../testing/warehouse.ts';
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

  // It was answered 404, and the address stood in others' interactions for ever
  test('is one of somebody too whom only others named, wherever they did, and of whom nobody did', async () => {
    const participants = [{ role: 'cc', identifiers: [id('email', 'Only.Cc@Example.org')] }];
    const row = { participants, properties: '{"text":"for only.cc@example.org"}', owner: 'user_id:bob', ver: 1 };
    await shop.world.warehouse.insert('kenal.interaction_rows', [interactionRow('shop', 'cc-1', row)]);
    const names = async () =>
      shop.world.warehouse.query(
        "SELECT participants[1].identifiers[1].value AS cc, properties AS text FROM interactions WHERE message_id = 'cc-1'",
        { workspace: 'shop' },
      );
    expect(await names()).toEqual([{ cc: 'Only.Cc@Example.org', text: row.properties }]);
    const erase = { profile: 'email:Only.CC@example.org' };
    expect((await decide({ erase, reason: 'of only.cc@example.org' })).status).toBe(422);
    const { status, body } = await decide({ erase, reason: 'request 20' });
    expect([status, body.directive.profileId, body.directive.erased]).toEqual([202, null, 1]);
    expect(body.note).toMatch(/^No profile had it/);
    expect(await names()).toEqual([{ cc: 'erased', text: '{"text":"for erased"}' }]);
    const { value } = (await logged())[body.directive.position]!;
    expect(decode(value).erased).toEqual([erasureHash(ERASURE_KEY, 'email:only.cc@example.org')]);
    expect(Buffer.from(value).toString('latin1')).not.toMatch(/only/i);
    expect((await decide({ erase: { profile: 'email:nobody@example.org' }, reason: 'request 21' })).status).toBe(202);
    const misspelt = await decide({ erase: { profile: 'emial:nobody@example.org' }, reason: 'request 22' });
    expect([misspelt.status, misspelt.body.message]).toEqual([404, expect.stringMatching(/did you mean email/)]);
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
