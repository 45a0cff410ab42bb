import { describe, expect, test } from 'vitest';
import { UNLINK, useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';

const { decide, logged } = useShop();

describe('refused, with what to do', () => {
  const [a, b] = ['user_id:ann', 'user_id:bob'];
  test.each<[string, unknown, number, string, RegExp]>([
    ['no JSON', '{"unlink"', 400, 'bad_json', /send a JSON object, such as \{"unlink"/],
    ['a list', [], 400, 'bad_body', /: the body: found an empty list; wanted: options: must, /],
    ['no decision', { reason: 'r' }, 400, 'bad_body', /must hold one decision, not none: must, unlink, revoke/],
    ['two decisions', { must: { a, b }, clear: { a, b }, reason: 'r' }, 400, 'bad_body', /not must and clear/],
    ['no reason', { must: { a, b } }, 400, 'bad_body', /reason: it is missing; must be text that says why/],
    ['an empty reason', { must: { a, b }, reason: '  ' }, 400, 'bad_body', /reason: .*must say why/],
    [
      'a misspelt decision',
      { unlnk: { a, b }, reason: 'r' },
      400,
      'bad_body',
      /unlnk: there is no such option, did you mean unlink\?/,
    ],
    ['one end', { must: { a }, reason: 'r' }, 400, 'bad_body', /must\.b: it is missing/],
    [
      'a hidden key',
      '{"must":{"a":"x:1","b":"x:2","__proto__":{}},"reason":"r"}',
      400,
      'bad_body',
      /__proto__ is refused/,
    ],
    [
      'one group',
      { split: { profile: a, groups: [[a]] }, reason: 'r' },
      400,
      'bad_body',
      /two groups at least; "rest"/,
    ],
    [
      'the same twice',
      { unlink: { a: 'email:Ann.Lee@example.com', b: 'email:ann.lee@EXAMPLE.com' }, reason: 'r' },
      422,
      'bad_directive',
      /both ends are email:ann.lee@example.com/,
    ],
    [
      'a stranger',
      { must: { a, b: 'email:who@example.com' }, reason: 'r' },
      404,
      'not_found',
      /nobody ever sent email:who@example.com/,
    ],
    ['an unknown type', { must: { a, b: 'emial:x@y.z' }, reason: 'r' }, 404, 'not_found', /did you mean email\?/],
    [
      'a blocked value',
      { must: { a, b: 'email:noreply@example.com' }, reason: 'r' },
      400,
      'bad_query',
      /many people read such a mailbox/,
    ],
    [
      'an unknown profile',
      { erase: { profile: 'nobody' }, reason: 'r' },
      404,
      'not_found',
      /no profile has the id nobody/,
    ],
    [
      'an unknown source',
      { revoke: { source: 'wbe' }, reason: 'r' },
      404,
      'not_found',
      /nothing ever came from a source wbe, did you mean web\?/,
    ],
    [
      'a pattern that is none',
      { ruleset: { identity: { blockedPatterns: ['email:(oops'] } }, reason: 'r' },
      400,
      'bad_body',
      /ruleset\..*oops/,
    ],
    [
      'rules with a fault',
      { ruleset: { identity: { limits: { emial: 1 } } }, reason: 'r' },
      400,
      'bad_body',
      /ruleset\.identity\.limits\.emial: .*did you mean email/,
    ],
    [
      'rules with any number of faults',
      {
        ruleset: { identity: { limits: Object.fromEntries(Array.from({ length: 75_000 }, (_, i) => [i, 1])) } },
        reason: 'r',
      },
      400,
      'bad_body',
      /the body has 75000 faults:\n(.*\n){20} {2}… and 74980 more$/,
    ],
    ['a model with a fault', { model: { version: 'x' }, reason: 'r' }, 400, 'bad_body', /seed: it is missing/],
    [
      'a consent to nothing',
      { consent: { profile: a, purpose: '', granted: true }, reason: 'r' },
      400,
      'bad_body',
      /consent\.purpose: .*must not be empty/,
    ],
  ])('%s', async (_what, body, status, code, says) => {
    const before = (await logged()).length;
    const answer = await decide(body);
    expect([answer.status, answer.body.code, answer.body.message]).toEqual([status, code, expect.stringMatching(says)]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await logged()).length).toBe(before);
  });

  test('a read key, which is told which one it takes; a stranger; people of another workspace', async () => {
    const asReader = await decide(UNLINK, { 'x-steward-key': KEYS.shop });
    expect([asReader.status, asReader.body.code]).toEqual([403, 'forbidden']);
    expect(asReader.body.message).toMatch(/takes a key of workspace shop with the verb decide.*workspaces.stewardKeys/);
    expect((await decide(UNLINK, { 'x-steward-key': 'nope' })).status).toBe(401);
    const elsewhere = await decide(
      { must: { a: 'user_id:ann', b: 'user_id:bob' }, reason: 'r' },
      { 'x-steward-key': KEYS.bankSteward },
    );
    expect([elsewhere.status, elsewhere.body.message]).toEqual([
      404,
      expect.stringMatching(/nobody ever sent user_id:bob/),
    ]);
  });
});
