import { expect, test } from 'vitest';
import { openBody } from './body.ts';
import { repairBody } from './repair.ts';
import { applySet } from './set-path.ts';

const EVENT = { type: 'track', properties: { total: '1,5', products: [{ price: 'x' }, { price: 2 }] }, 'odd name': 1 };

test.each([
  ['$.properties.total=12.5', { ...EVENT, properties: { ...EVENT.properties, total: 12.5 } }],
  ['properties.total=12 pounds', { ...EVENT, properties: { ...EVENT.properties, total: '12 pounds' } }],
  ['$.batch[3].type=page', { ...EVENT, type: 'page' }],
  ['$.records[3].type=page', { ...EVENT, type: 'page' }],
  ['$["odd name"]=', { type: EVENT.type, properties: EVENT.properties }],
  ['$.properties.products[0]=', { ...EVENT, properties: { total: '1,5', products: [{ price: 2 }] } }],
  ['$.context.traits.email=a@b.example', { ...EVENT, context: { traits: { email: 'a@b.example' } } }],
  ['$={"type":"page"}', { type: 'page' }],
  ['$.__proto__.polluted=1', { ...EVENT, ['__proto__']: { polluted: 1 } }],
])('--set %s gives the body that one would expect', (setting, expected) => {
  const set = applySet(EVENT, setting);
  if (setting.includes('polluted')) expect(Object.hasOwn({}, 'polluted')).toBe(false);
  else expect(set).toEqual(expected);
  expect(EVENT.properties.total).toBe('1,5');
});

test.each([
  '$["bad\\q"]=1',
  `$${'.a'.repeat(20_000)}=1`,
  'no equals sign',
  '$.a..b=1',
  '$.properties.products[7].price=1',
  '$.type.length=1',
])('--set %s is refused with a sentence', (setting) => expect(() => applySet(EVENT, setting)).toThrow(/--set/));

test('of a vendor’s part only the part is repaired, and a body that is no JSON is for --file', () => {
  const contentType = 'application/vnd.kenal.item+json';
  const open = openBody({ body: Buffer.from('{"headers":{"x-topic":"a"},"item":{"id":1}}'), contentType });
  expect(open.value).toEqual({ id: 1 });
  const { body } = open.write({ id: 2 });
  expect(JSON.parse(body.toString())).toEqual({ headers: { 'x-topic': 'a' }, item: { id: 2 } });
  expect(() => openBody({ body: Buffer.from('{'), contentType: 'application/json' })).toThrow(/--file/);
});

test('what a fix sets is what is read: a header of the delivery, a field that is there or is missed, and no other', () => {
  const contentType = 'application/vnd.kenal.item+json';
  const kept = { headers: { 'x-shop': 's' }, item: { line: 'a,b', no: 3 } };
  const fix = (path: string, ...settings: readonly string[]) => {
    const { body, unproved } = repairBody({ body: Buffer.from(JSON.stringify(kept)), contentType }, settings, path);
    return { ...JSON.parse(body.body.toString()), unproved };
  };
  expect(fix('$.headers.x-topic', '$.headers.x-topic=orders/create', '$.no=4')).toEqual({
    headers: { 'x-shop': 's', 'x-topic': 'orders/create' },
    ...{ item: { line: 'a,b', no: 4 }, unproved: [] },
  });
  expect(fix('$.start', '$.start=2026-11-30').unproved).toEqual(['$.start=2026-11-30']);
  expect(() => fix('$.line', '$.start=2026-11-30')).toThrow(/no such field.*it has line, no, headers\.x-shop/);
});
