import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlanConfig, planSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';
import type { JsonRecord } from '../json/inspect.ts';
import { compileGroup, createPlan } from './plan.ts';
import { readGroup } from './read-group.ts';
import { SHIPPED } from './shipped.ts';

const FILE = join(mkdtempSync(join(tmpdir(), 'kenal-plan-')), 'shop.yaml');
writeFileSync(
  FILE,
  `group: shop
events:
  Card Shown:
    required: [card]
    additionalProperties: false
    properties:
      card: { type: string, pattern: '^[0-9]{4}$' }
      tier: { enum: [gold, silver] }
  Evil: { properties: { text: { type: string, pattern: '^(a+)+$' } } }
`,
);

const plan = (config: Partial<PlanConfig> & Pick<PlanConfig, 'catalogue'>) => createPlan(planSchema.parse(config));

test.each([...SHIPPED.keys()])(
  'the shipped group %s compiles, and every event of it takes an empty, or the least, event',
  (name) => {
    const group = readGroup(name);
    for (const [event, check] of compileGroup(group)) {
      const least = Object.fromEntries((group.events[event]?.required ?? []).map((field) => [field, '1']));
      expect([event, check(least), check.errors]).toEqual([event, true, null]);
    }
  },
);

test('what a group says of an order is checked down to its lines; what it does not name is allowed', () => {
  const { check } = plan({ catalogue: ['ecommerce'] });
  const good = { order_id: '1', total: '12.50', currency: 'EUR', products: [{ price: 1, quantity: 2 }], own: true };
  expect(check('Order Completed', good)).toBeNull();
  const bad = { total: '12,50', currency: 'Euro', products: [{ price: 1, quantity: 'x' }, { price: {} }] };
  expect(
    check('Order Completed', bad)
      ?.faults.map(({ path }) => path)
      .sort(),
  ).toEqual([
    '$.properties.currency',
    '$.properties.order_id',
    '$.properties.products[0].quantity',
    '$.properties.products[1].price',
    '$.properties.total',
  ]);
  expect(check('Never Heard Of', {})).toBeNull();
});

test('by warn it stays as it is, by strip it loses what is wrong and keeps it, by block it is refused', () => {
  const bad = { card: '12', tier: 'bronze', extra: 1 };
  const [warn, strip, block] = (['warn', 'strip', 'block'] as const).map((violations) =>
    plan({ catalogue: [FILE], violations }).check('Card Shown', bad),
  );
  expect(warn).toMatchObject({ blocked: false, properties: bad, stripped: {} });
  expect(warn?.faults).toContainEqual({
    path: '$.properties.tier',
    reason: '$.properties.tier is none of the values that are planned: send "gold" or "silver"',
  });
  expect(strip).toMatchObject({
    blocked: false,
    properties: {},
    stripped: { '$.card': '12', '$.tier': 'bronze', '$.extra': 1 },
  });
  expect(block).toMatchObject({ blocked: true });
  expect(bad).toEqual({ card: '12', tier: 'bronze', extra: 1 });
});

test('each fault is a sentence with its place and what to send, and never shows what came', () => {
  const reasonsOf = (catalogue: string, event: string, properties: JsonRecord) =>
    plan({ catalogue: [catalogue] })
      .check(event, properties)
      ?.faults.map(({ reason }) => reason)
      .sort();
  expect(reasonsOf('ecommerce', 'Order Completed', { total: '12,50', currency: 7, products: {} })).toEqual([
    '$.properties.currency is a whole number: send text (ISO 4217)',
    '$.properties.order_id is missing: send it',
    '$.properties.products is an object: send a list',
    expect.stringMatching(
      /^\$\.properties\.total has another form than is planned: send text that matches \^-\?\[0-9\]/,
    ),
  ]);
  expect(reasonsOf('ecommerce', 'Product Viewed', { position: -1, quantity: [] })).toEqual([
    '$.properties.position is out of range: send a number >= 0',
    '$.properties.quantity is a list: send a number or text',
  ]);
  expect(reasonsOf(FILE, 'Card Shown', { card: 'secret', extra: 1 })).toEqual([
    '$.properties.card has another form than is planned: send text that matches ^[0-9]{4}$',
    '$.properties.extra is not in the plan: leave it out, or add it to the plan',
  ]);
});

test('an event that no group names is allowed, told, or refused', () => {
  const check = (unplanned: PlanConfig['unplanned']) => plan({ catalogue: [FILE], unplanned }).check('Another', {});
  expect(check('allow')).toBeNull();
  expect(check('warn')).toMatchObject({ blocked: false, faults: [{ path: '$.event' }] });
  expect(check('block')).toMatchObject({ blocked: true });
});

// A backtracking engine would not come back from this within the life of the test
test('a pattern that would take for ever elsewhere takes no time', () => {
  const { check } = plan({ catalogue: [FILE] });
  expect(check('Evil', { text: `${'a'.repeat(20_000)}!` })?.faults).toHaveLength(1);
});

test.each([
  ['nothing-of-that-name', /there are ecommerce, email, live-chat, phone, relations\), and there is no such file/],
  [join(tmpdir(), 'no-such-plan.yaml'), /there is no such file/],
])('a group that is not there (%s) is named with those that are', (name, sentence) => {
  expect(() => plan({ catalogue: [name] })).toThrow(sentence);
});

test.each([
  ['events: { A: { properties: { x: { type: strin } } } }', /event A: .*type/],
  ['events: { A: { propertys: {} } }', /events\.A: /],
  ['events: { A: { properties: { x: { $ref: "#/$defs/none" } } } }', /event A: .*none/],
  // One event of 150 bytes took half a minute by such a union
  [
    'events: { A: {} }\n$defs: { x: { anyOf: [{ $ref: "#/$defs/y" }, { $ref: "#/$defs/y" }] }, y: { properties: { c: { $ref: "#/$defs/x" } } } }',
    /\$defs\.x leads to itself/,
  ],
  ['events: { A: { properties: { x: { type: array, uniqueItems: true } } } }', /A: uniqueItems is not taken/],
  ['events: [', /plan .*bad\.yaml/],
])('a file with a fault (%s) is refused with the place', (text, sentence) => {
  const file = join(mkdtempSync(join(tmpdir(), 'kenal-plan-')), 'bad.yaml');
  writeFileSync(file, `group: bad\n${text}\n`);
  expect(() => plan({ catalogue: [file] })).toThrow(sentence);
});
