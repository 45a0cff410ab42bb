import type { IdentityConfig } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../test-support.ts';
import { createNormaliser } from './normalise.ts';

const PLAIN: IdentityConfig = { types: [], limits: {}, blocked: [] };
const normalise = createNormaliser(PLAIN, 'US');
const keyOf = (type: string, value: string, region = 'US') => createNormaliser(PLAIN, region)([{ type, value }]).owner;
const reasonOf = (type: string, value: string, config = PLAIN) =>
  createNormaliser(config, 'US')([{ type, value }]).blocked[0]?.reason ?? null;

test('an address is one whatever its case, spaces and the script of its domain', () => {
  expect(keyOf('email', ' Jane@Shop.DE ')).toBe('email:jane@shop.de');
  expect(keyOf('email', 'a@ü.de')).toBe('email:a@xn--tda.de');
  expect(keyOf('email', 'a@XN--TDA.de')).toBe(keyOf('email', 'a@U\u0308.de'));
  expect(keyOf('email', 'x@bücher.example')).toBe('email:x@xn--bcher-kva.example');
  expect(keyOf('email', 'x@例え.テスト')).toBe('email:x@xn--r8jz45g.xn--zckzah');
});

test('Gmail’s dots and plus count for the key only: what is shown stays as it was written', () => {
  const { identifiers } = normalise([{ type: 'email', value: 'Jane.Doe+news@googlemail.com' }]);
  expect(identifiers).toEqual([
    { type: 'email', value: 'jane.doe+news@googlemail.com', key: 'email:janedoe@gmail.com' },
  ]);
  expect(keyOf('email', 'jane.doe+news@shop.de')).toBe('email:jane.doe+news@shop.de');
});

test('a phone number is one in every way of writing it, with the region of the source', () => {
  for (const spelling of ['+49 30 901820', '030 901820', '(030) 90 18 20', '0049 30 901820', 'tel:+4930901820'])
    expect(keyOf('phone', spelling, 'DE')).toBe('phone:+4930901820');
  expect(keyOf('phone', '2015557890')).toBe('phone:+12015557890');
  expect(keyOf('phone', '+1 201 555 7890 ext. 12')).not.toBe(keyOf('phone', '+1 201 555 7890'));
});

test('values that name nobody are blocked, each with its reason', () => {
  const nobody = ['null', 'None', 'NaN', 'undefined', 'Anonymous', 'GUEST', 'unknown', '[object Object]', '-1'];
  for (const value of nobody) {
    expect(reasonOf('user_id', value)).toBe('placeholder');
    expect(reasonOf('user_id', `"${value}"`)).toBe('placeholder');
    expect(reasonOf('user_id', ` '"${value}"' `)).toBe('placeholder');
  }
  for (const value of ['0', '000', '---', '00000000-0000-0000-0000-000000000000', '{00000000-0000}'])
    expect(reasonOf('device_id', value)).toBe('zeros');
  for (const value of ['', '   ', '""', '\u200b', '\u0000']) expect(reasonOf('user_id', value)).toBe('empty');
  for (const value of ['support@x.de', 'No-Reply@x.de', 'info+1@x.de', 'noreply@x.de', 'mailer-daemon@x.de'])
    expect(reasonOf('email', value)).toBe('role_mailbox');
  for (const value of ['null@null.de', 'guest@x.de']) expect(reasonOf('email', value)).toBe('placeholder');
  for (const value of ['jane', '@x.de', 'a@b', 'a b@x.de', 'a@x..de', '+x@gmail.com'])
    expect(reasonOf('email', value)).toBe('not_an_email');
  for (const value of ['+1 201 555 0123', '(201) 555-0199', '+44 7700 900123', '+33 6 39 98 12 34'])
    expect(reasonOf('phone', value)).toBe('reserved_phone');
  for (const value of ['12345', 'call me', '+1 000 000 0000']) expect(reasonOf('phone', value)).toBe('not_a_phone');
  expect(reasonOf('user_id', 'x'.repeat(513))).toBe('too_long');
  // Müller and Möller in Latin-1, and two halves of characters: read as UTF-8 each pair is one text
  for (const value of ['M\ufffdller', 'zed\ud800', '\udbff']) expect(reasonOf('user_id', value)).toBe('unreadable');
  expect(reasonOf('email', 'm\ufffdller@x.de')).toBe('unreadable');
  expect(reasonOf('User Id', '7')).toBe('bad_type');
});

test('values that only look a little like nobody are kept', () => {
  for (const value of ['10', '0x1f', 'nullable', 'guest-7', 'none-of-your-business', '-12'])
    expect(reasonOf('user_id', value)).toBeNull();
  for (const value of ['information@x.de', 'mail@janedoe.de', 'salesman@x.de'])
    expect(reasonOf('email', value)).toBeNull();
});

test('a workspace blocks its own exact values, typed or for every type, in any spelling', () => {
  const config = { ...PLAIN, blocked: ['phone:(201) 555-7890', 'Walk-In', 'email:till.1@gmail.com', 'urn:shop'] };
  expect(reasonOf('phone', '+12015557890', config)).toBe('configured');
  expect(reasonOf('user_id', 'walk-in', config)).toBe('configured');
  expect(reasonOf('email', 'till1@googlemail.com', config)).toBe('configured');
  expect(reasonOf('user_id', 'urn:shop', config)).toBe('configured');
  expect(reasonOf('user_id', '+12015557890', config)).toBeNull();
});

test('the owner is the strongest by type, then by value; declared types follow the built-in, undeclared ones come last', () => {
  const config = { ...PLAIN, types: ['till_customer', 'crm_id'] };
  const { identifiers, owner } = createNormaliser(
    config,
    'US',
  )([
    { type: 'zebra', value: '1' },
    { type: 'crm_id', value: '1' },
    { type: 'apple', value: '1' },
    { type: 'anonymous_id', value: 'z' },
    { type: 'till_customer', value: '1' },
    { type: 'email', value: 'b@x.de' },
    { type: 'email', value: 'A@x.de' },
    { type: 'user_id', value: 'null' },
  ]);
  expect(owner).toBe('email:a@x.de');
  expect(identifiers.map((identifier) => identifier.key)).toEqual([
    ...['email:a@x.de', 'email:b@x.de', 'anonymous_id:z', 'till_customer:1', 'crm_id:1', 'apple:1', 'zebra:1'],
  ]);
});

test('the result does not depend on the order or repetition of what was sent', () => {
  const identifier = fc.record({
    type: fc.constantFrom('user_id', 'email', 'phone', 'anonymous_id', 'own'),
    value: fc.oneof(
      fc.string(),
      fc.constantFrom('a.b@gmail.com', 'ab@gmail.com', 'AB@googlemail.com', '+12015557890', 'null'),
    ),
  });
  fc.assert(
    fc.property(fc.array(identifier, { maxLength: 8 }), (raw) => {
      const { identifiers, owner } = normalise(raw);
      expect(normalise([...raw, ...raw].reverse())).toMatchObject({ identifiers, owner });
      expect(normalise.ownerOf(raw)).toBe(owner);
    }),
    { numRuns: propertyRuns },
  );
});

test('normalising what was normalised changes nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('user_id', 'email', 'phone'),
      fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()),
      (type, value) => {
        const once = normalise([{ type, value }]).identifiers;
        expect(normalise(once).identifiers).toEqual(once);
      },
    ),
    { numRuns: propertyRuns },
  );
});

test('patterns of the workspace block whole values in any spelling, of one type or of all', () => {
  const config = { ...PLAIN, blockedPatterns: ['email:.*@test\\.example', 'qa-\\d+', 'phone:\\+1201555.*'] };
  const blocked = (type: string, value: string) =>
    createNormaliser(config, 'US')([{ type, value }]).blocked[0]?.reason ?? null;
  expect(blocked('email', 'Joe@TEST.example')).toBe('configured');
  expect(blocked('user_id', 'joe@test.example')).toBe(null);
  expect(blocked('user_id', 'QA-12')).toBe('configured');
  expect(blocked('user_id', 'xqa-12')).toBe(null);
  expect(blocked('phone', '(201) 555-7890')).toBe('configured');
});

test('a pattern that is none, or too large, is refused with what is wrong and what to do; one that would run away takes no time', () => {
  const fault = (...blockedPatterns: string[]) => {
    try {
      createNormaliser({ ...PLAIN, blockedPatterns }, 'US');
      return null;
    } catch (error) {
      return String((error as { detail?: string }).detail ?? error);
    }
  };
  expect(fault('(')).toMatch(/blockedPatterns: `\(` is no regular expression in RE2’s syntax: missing closing \)/);
  expect(fault('(?=a)b')).toMatch(/look-around/);
  expect(fault('a{1000}'.repeat(9))).toMatch(/too large; repeat fewer times/);
  expect(fault(...Array.from({ length: 101 }, () => 'a'))).toMatch(/100 are the most; join some/);
  const clock = (globalThis as unknown as { performance: { now(): number } }).performance;
  const normalise = createNormaliser({ ...PLAIN, blockedPatterns: ['(a|aa|a*)*b'] }, 'US');
  const began = clock.now();
  expect(normalise([{ type: 'user_id', value: 'a'.repeat(500) }]).owner).not.toBe('');
  expect(clock.now() - began).toBeLessThan(500);
});
