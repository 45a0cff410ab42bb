import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKenalConfig } from './kenal-config.ts';

/** Reads a workspace with these options, as kenal.yaml would have them. */
function read(options: object) {
  const path = join(mkdtempSync(join(tmpdir(), 'kenal-computed-')), 'kenal.yaml');
  const workspace = { id: 'shop', sources: [{ id: 'web', keys: [{ key: 'env:KEY' }] }], ...options };
  writeFileSync(path, JSON.stringify({ workspaces: [workspace] }));
  return readKenalConfig(path)!.config.workspaces[0]!;
}

const trait = (definition: object) => ({ computed: { spent: definition } });
const segment = (where: object) => ({ computed: { spent: SUM }, segments: { vip: { where } } });
const SUM = { sum: { event: 'Order Completed', property: 'total', window: '90d', where: { currency: 'EUR' } } };

test('computed traits and segments of a workspace are read; without them there are none', () => {
  expect(read({})).toMatchObject({ computed: {}, segments: {} });
  const where = { and: [{ computed: 'spent', gte: 100 }, { not: { trait: 'country', in: ['DE', 'AT'] } }] };
  const { computed, segments } = read({ ...trait(SUM), segments: { vip: { where }, more: { sql: 'SELECT 1' } } });
  expect(computed).toEqual({ spent: { ...SUM, unit: 0 } });
  expect(segments).toEqual({ vip: { where }, more: { sql: 'SELECT 1' } });
});

test.each([
  ['no way to compute', trait({}), /computed\.spent: .*must have exactly one of count, sum, .*, sql/],
  ['two ways', trait({ ...SUM, sql: 'SELECT 1' }), /computed\.spent: .*must have exactly one of/],
  ['a sum of nothing', trait({ sum: { event: 'x' } }), /spent\.sum\.property: .*must be given: of what the sum is/],
  [
    'a count of a property',
    trait({ count: { event: 'x', property: 'y' } }),
    /count\.property: .*must be left out of count/,
  ],
  ['neither events nor a view', trait({ count: {} }), /count\.event: .*must be given, or `of`/],
  ['both', trait({ count: { event: 'x', of: 'orders' } }), /count\.event: .*must be left out where `of` is given/],
  [
    'a column that is none',
    trait({ sum: { of: 'orders', property: 'nett' } }),
    /must name a column of orders: order_id, status, total/,
  ],
  [
    'a window that is none',
    trait({ count: { event: 'x', window: '90 days' } }),
    /window: .*must be a number and h, d, w, m or y, such as 90d/,
  ],
  [
    'a window without its unit',
    trait({ count: { event: 'x', window: 90 } }),
    /window: found 90; wanted: a number and h, d, w, m or y, such as 90d/,
  ],
  [
    'an option of a count that is none',
    trait({ count: { event: 'x', windw: '90d' } }),
    /count\.windw: there is no such option, did you mean window\?; there are event, of, property/,
  ],
  [
    'a name with capitals',
    { computed: { Spent: SUM } },
    /computed\.Spent: .*must be named with a lower case letter first/,
  ],
  ['a segment of nothing', { segments: { vip: {} } }, /segments\.vip: .*must have exactly one of where, sql/],
  ['a condition on nothing', segment({}), /vip\.where: .*must have exactly one of and, or, not, trait/],
  ['a condition that asks nothing', segment({ trait: 'x' }), /must say what to ask of it: eq, in, gte, exists/],
  ['a test beside a segment', segment({ segment: 'vip', eq: 1 }), /must have no tests beside segment/],
  ['a mart without its column', segment({ mart: 'rfm', eq: 1 }), /column: .*must be given: the column of the mart/],
  [
    'a mart that is no name',
    segment({ mart: 'rfm; DROP', column: 'x', eq: 1 }),
    /must name a view with a profile_id, such as rfm/,
  ],
  [
    'a trait that is not declared',
    segment({ not: { computed: 'spend', gt: 1 } }),
    /where\.not\.computed: .*must name an entry of `computed`: spent.*did you mean spent/,
  ],
  [
    'a segment of itself',
    segment({ or: [{ segment: 'vip' }, { trait: 'x', eq: 1 }] }),
    /segments\.vip: .*must not hang on itself/,
  ],
])('%s is refused in a clear sentence', (_, options, message) => {
  expect(() => read(options)).toThrow(message);
});
