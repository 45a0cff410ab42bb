import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring } from '@kenal/collector-kit';
import { type KenalConfig, kenalConfigSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { NOON, startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorCommerce } from '../app.ts';
import { hmac, outline } from '../testing/fixtures.ts';
import { holdAgainstHostileInput } from '../testing/hostile.ts';
import { createCustomHmac } from './custom-hmac.ts';

const SECRET = 'desk';
const EXAMPLE = new URL('../../examples/repairs.yaml', import.meta.url).pathname;
const sample = JSON.parse(readFileSync(new URL('../../examples/repairs.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'kenal-mapping-'));
let files = 0;
const fileOf = (yaml: string): string => {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(path, yaml);
  return path;
};

const configOf = (mapping: string) =>
  kenalConfigSchema.parse({
    workspaces: [
      {
        id: 'shop',
        sources: [{ id: 'desk', kind: 'custom-hmac', secrets: ['env:X'], mapping, signature: { header: 'x' } }],
      },
    ],
  });
const create = (config: KenalConfig) => createCustomHmac(config, createKeyring(config));
const start = (mapping: string, signature: object = {}): Promise<TestVendorCollector> =>
  startVendorCollector(createCollectorCommerce, {
    sources: [
      {
        id: 'desk',
        kind: 'custom-hmac',
        secrets: ['env:SECRET'],
        mapping,
        own: ['heron.example'],
        signature: { header: 'X-Signature', ...signature },
      },
    ],
    environment: { SECRET },
  });
const send = (collector: TestVendorCollector, body: unknown, headers: Record<string, string> = {}) => {
  const text = JSON.stringify(body);
  return collector.deliver('desk', text, { 'x-signature': hmac(SECRET, text, 'hex'), ...headers });
};
async function made(yaml: string, body: unknown, headers: Record<string, string> = {}) {
  await using collector = await start(fileOf(yaml));
  expect((await send(collector, body, headers)).status).toBe(200);
  return (await collector.interactions()).sort((a, b) => a.receipt.sequence - b.receipt.sequence).map(outline);
}

test('the shipped example makes of its sample what it says, signed with a time', async () => {
  const signature = {
    header: 'X-Repairs-Signature',
    prefix: 'sha256=',
    timestampHeader: 'X-Repairs-Time',
    signed: '{timestamp}.{body}',
  };
  await using collector = await start(EXAMPLE, signature);
  const text = JSON.stringify(sample);
  const time = String(NOON / 1_000_000);
  const headers = { 'x-repairs-time': time, 'x-repairs-signature': `sha256=${hmac(SECRET, `${time}.${text}`, 'hex')}` };
  expect((await collector.deliver('desk', text, headers)).status).toBe(200);
  const events = (await collector.interactions()).map(outline).sort((a, b) => a.id.localeCompare(b.id));
  const common = { channel: 'store', actor: { kind: 'staff', id: '7', team: null }, participants: [] };
  expect(events).toMatchObject([
    {
      ...common,
      id: 'c-1001',
      name: 'Case Opened',
      direction: 'inbound',
      at: '2026-11-30T09:30:00.000Z',
      caseId: 'R-88',
      identifiers: ['loyalty_card:6033000012345678', 'email:bob@norman.example', 'phone:07700 900123'],
      traits: { name: 'Bob Norman' },
      properties: { job: 'R-88', item: 'Tea kettle', problem: 'does not heat', promised: '2026-12-04T00:00:00.000Z' },
    },
    {
      ...common,
      id: 'c-1002',
      name: 'Case Resolved',
      direction: 'outbound',
      caseId: 'R-71',
      identifiers: [],
      amount: '24.50',
      currency: 'GBP',
      properties: {
        outcome: 'repaired',
        parts: [
          { product_id: 'FUSE-3', quantity: 1 },
          { product_id: 'LID', quantity: 2 },
        ],
      },
    },
  ]);
  expect(events).toHaveLength(2);
});

test('paths, headers, constants and readings say what they find', async () => {
  const yaml = `
event: $header['X-Topic']
time: $.when
message_id: $['the id']
identifiers: { user_id: $.who.id, email: { path: "$.mails[-1]", convert: lower } }
traits: { spent: { path: $.spent, decimal: "," } }
properties: { skus: "$.lines[*].sku", first: "$.lines[0].sku", shop: Leeds, price: { const: $5 }, nothing: $.nowhere, deep.er: $.who.id }
`;
  const body = {
    'the id': 9,
    when: 1_796_036_400,
    who: { id: 42 },
    mails: ['x@y.example', 'ANN@Y.example'],
    spent: '1,50',
    lines: [{ sku: 'a' }, {}, { sku: 'b' }],
  };
  expect(await made(yaml, body, { 'x-topic': 'Till Closed' })).toMatchObject([
    {
      id: '9',
      name: 'Till Closed',
      at: '2026-11-30T11:00:00.000Z',
      identifiers: ['user_id:42', 'email:ann@y.example'],
      traits: { spent: 1.5 },
      properties: { skus: ['a', 'b'], first: 'a', shop: 'Leeds', price: '$5', deep: { er: 42 } },
    },
  ]);
});

test('a part that cannot be read fails alone, and where its path says', async () => {
  await using collector = await start(fileOf('each: $.all\nevent: Seen\ntime: $.at\n'));
  await send(collector, { all: [{ at: '2026-11-30T10:00:00' }, { at: 'soon' }, {}] });
  expect(await collector.interactions()).toHaveLength(1);
  const failed = (await collector.failed()).map(({ code, path }) => `${code} ${path}`).sort();
  expect(failed).toEqual(['event_bad_field $.at', 'event_missing_field $.at']);
});

test.each([
  ['$.all', { rest: [] }],
  ['$.all', { all: { at: 1 } }],
  ['$', { at: 1 }],
  ['$.all[*].parts[0]', { all: 'none' }],
])(
  'where each leads to no list (%s) the delivery is kept whole, by that path; an empty list is none',
  async (each, body) => {
    await using collector = await start(fileOf(`each: "${each}"\nevent: Seen\n`));
    expect((await send(collector, body)).status).toBe(200);
    expect(await collector.interactions()).toEqual([]);
    expect((await collector.failed()).map(({ code, path }) => `${code} ${path}`)).toEqual([`event_bad_field ${each}`]);
    await send(collector, each === '$' ? [] : { all: [] });
    expect((await collector.deliveries('desk'))[0]).toMatchObject({ outcome: 'ignored' });
  },
);

test('a delivery that was kept for want of its list is taken once that stands there', () => {
  const vendor = create(configOf(fileOf('each: $.all\nevent: Seen\ntime: $.at\n')));
  const source = createKeyring(configOf('x')).source('shop', 'desk')!;
  const again = (all: unknown) => {
    const [item] = vendor.split!({ all: null }, source);
    const repaired = { ...(item as object), $delivery: { all } };
    return vendor.map(repaired, { source, headers: {}, payload: repaired, receivedAt: 0 });
  };
  const times = [{ at: '2026-11-30T10:00:00Z' }, { at: '2026-11-30T11:00:00Z' }];
  expect(again(times)).toMatchObject({ ok: true, value: [{ event: 'Seen' }, { event: 'Seen' }] });
  expect(again([...times, {}])).toMatchObject({ ok: false, fault: { path: '$.at' } });
  expect(again('none')).toMatchObject({ ok: false, fault: { path: '$.all' } });
});

test('money is exact, where a double is not: a number of more digits stays text', async () => {
  const yaml =
    'event: Order Completed\nproperties: { total: { path: $.sum, decimal: ",", thousands: "." }, given: { path: $.given, convert: number, sign: negate }, order_id: $.no }\n';
  const of = async (sum: string, given: unknown) => (await made(yaml, { sum, given, no: '7' }))[0];
  expect(await of('12.345.678.901.234.567,89', '0.30')).toMatchObject({
    amount: '12345678901234567.89',
    properties: { total: '12345678901234567.89', given: -0.3 },
  });
  expect(await of('1.234,50', 4)).toMatchObject({ amount: '1234.5', properties: { total: 1234.5, given: -4 } });
});

test('without an id of its own a message is named by the id that was signed, else by its bytes: a retry lands once', async () => {
  await using signed = await start(fileOf('event: Seen\n'), { idHeader: 'X-Id', signed: '{id}.{body}' });
  for (const id of ['d1', 'd1', 'd2']) {
    signed.now.micros += 3_600_000_000;
    await send(signed, { a: 1 }, { 'x-id': id, 'x-signature': hmac(SECRET, `${id}.{"a":1}`, 'hex') });
  }
  expect(new Set((await signed.interactions()).map(({ id }) => id))).toEqual(new Set(['d1', 'd2']));
  const [first] = await made('event: Seen\n', { a: 1 });
  const [again] = await made('event: Seen\n', { a: 1 });
  expect(again?.id).toBe(first?.id);
});

test.each([
  ['event: Seen\nproprties: {}\n', /proprties/],
  ['event: Seen\nproperties: { a: "$.b..c" }\n', /properties\.a: \$\.b\.\.c: "\.\.c" is no step; there are \.name/],
  ['event: Seen\nidentifiers: { passport: $.p }\n', /identifiers\.passport: there are user_id,/],
  ['event: Seen\nidentifiers: { email: all@x.example }\n', /identifiers\.email: a constant would make one person/],
  ['event: Seen\ntraits: { phone: "0161 496 0000" }\n', /traits\.phone: a constant would make one person/],
  ['event: Seen\nchannel: shop\n', /channel: "shop"; there are email, phone/],
  ['type: track\n', /event: a track has a name/],
  ['event: Seen\nzone: Europe/Lodnon\n', /no time zone Europe\/Lodnon/],
  ['events:\n  - event: Seen\n    when: { state: new }\n', /events\[0\]\.when: state: a path begins with \$/],
  ['event: [', /no YAML/],
])('a mapping that cannot be used is refused at the start: %j', (yaml, says) => {
  expect(() => create(configOf(fileOf(yaml)))).toThrow(
    expect.objectContaining({ code: 'bad_config', message: expect.stringMatching(says) }),
  );
});

test('a mapping file that is not there is named', async () => {
  await expect(start('/nowhere/x.yaml')).rejects.toMatchObject({ message: expect.stringContaining('/nowhere/x.yaml') });
});

test('hostile input gives events or a fault, never a throw', () => {
  const jobs = [sample, ...sample.jobs].map((body) => ({ headers: {}, body }));
  holdAgainstHostileInput(create, 'custom-hmac', jobs, EXAMPLE);
});
