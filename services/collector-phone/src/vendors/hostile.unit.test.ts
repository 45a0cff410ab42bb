import { createSource, type Delivery, type Vendor } from '@kenal/collector-kit';
import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixture, fixtureLines } from '../testing/fixtures.ts';
import { asterisk } from './asterisk.ts';
import { connect } from './connect.ts';
import { freeswitch } from './freeswitch.ts';
import { twilio } from './twilio.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const LONGEST_MS = 100;
/** What this thread has computed: a machine that is busy with others makes nothing slower by it. */
const spentMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
const config = kenalConfigSchema.parse({
  workspaces: [
    {
      ...{ id: 'shop', region: 'GB', timezone: 'Europe/London' },
      sources: [{ id: 'pbx', kind: 'asterisk', keys: [{ key: hashKey('key') }], own: ['+442033221100'] }],
    },
  ],
});
const source = createSource(config.workspaces[0]!, config.workspaces[0]!.sources[0]!);
const delivery = (payload: unknown): Delivery => ({ source, headers: {}, payload, receivedAt: 0 });

/** Body → what became of each part; whatever comes, nothing is thrown and nothing takes long. */
async function partsOf(
  vendor: Vendor,
  body: Uint8Array | string,
  headers = {},
): Promise<{ events: number; faults: number }> {
  const counts = { events: 0, faults: 0 };
  const read = (await vendor.read?.(Buffer.from(body as string), headers, source)) ?? {
    ok: true as const,
    value: null,
  };
  if (!read.ok) return { events: 0, faults: 1 };
  for (const item of vendor.split?.(read.value, delivery(read.value).source) ?? [read.value]) {
    const began = spentMs();
    const mapped = vendor.map(item, delivery(read.value));
    expect(spentMs() - began).toBeLessThan(LONGEST_MS);
    if (!mapped.ok) counts.faults++;
    else {
      counts.events += mapped.value.length;
      // The same part gives the same events
      expect(vendor.map(item, delivery(read.value))).toEqual(mapped);
    }
  }
  return counts;
}

const LINES = fixtureLines('asterisk-master.csv');
const anyCell = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '""', ',', '2026-11-30 25:00:00', '9'.repeat(30), '-1', '1e9'),
);
/** A line of the fixture with one cell exchanged, or one character, or cut. */
const mutatedLine = fc.oneof(
  fc.tuple(fc.constantFrom(...LINES), fc.nat(17), anyCell).map(([line, at, cell]) => {
    const cells = line.split(',');
    cells[at % cells.length] = cell;
    return cells.join(',');
  }),
  fc
    .tuple(fc.constantFrom(...LINES), fc.nat(300), fc.string({ unit: 'binary', maxLength: 3 }))
    .map(([line, at, text]) => line.slice(0, at) + text + line.slice(at + 1)),
  fc.tuple(fc.constantFrom(...LINES), fc.nat(300)).map(([line, at]) => line.slice(0, at)),
  fc.array(anyCell, { maxLength: 25 }).map((cells) => cells.join(',')),
);

test('of any lines each one that is not empty is an event or a fault, and none is lost', async () => {
  const lines = fc.array(
    mutatedLine.map((line) => line.replaceAll('\n', ' ').replace(/^\ufeff/, '')),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(lines, async (given) => {
      const { events, faults } = await partsOf(asterisk, given.join('\n'));
      expect(events + faults).toBe(given.filter((line) => line.replace(/\r$/, '').trim() !== '').length);
    }),
  );
});

test('crafted lines block nobody: quotes, commas and digits without end', async () => {
  for (const line of [
    '"'.repeat(16_000),
    '""'.repeat(8_000),
    ','.repeat(16_000),
    `"${'""'.repeat(7_990)}"`,
    '9'.repeat(16_000),
  ])
    expect(await partsOf(asterisk, line)).toEqual({ events: 0, faults: 1 });
  const [, line = ''] = LINES;
  for (const long of [
    '('.repeat(15_000),
    ' '.repeat(15_000),
    '+'.repeat(15_000),
    'sip:'.repeat(3_000),
    '1-'.repeat(7_000),
  ])
    expect(await partsOf(asterisk, line.replace('02071838750', long))).toEqual({ events: 1, faults: 0 });
});

const VENDORS: readonly [string, Vendor, readonly unknown[]][] = [
  ['twilio', twilio, fixtureLines('twilio-inbound.txt').map((form) => Object.fromEntries(new URLSearchParams(form)))],
  ['freeswitch', freeswitch, ['a', 'b'].map((leg) => JSON.parse(fixture(`freeswitch-${leg}-leg.json`)) as unknown)],
  ['connect', connect, [JSON.parse(fixture('connect-contact.json')) as unknown]],
];

/** A fixture in which some values, at any depth, became others or went away. */
function mutate(value: unknown, next: () => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mutate(item, next));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mutate(item, next)]));
  const change = next();
  return change === KEEP ? value : change;
}
const KEEP = Symbol('keep');
const change = fc.oneof(
  { weight: 5, arbitrary: fc.constant(KEEP) },
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '9'.repeat(40), '%', '%zz', -1),
);

test.each(VENDORS)('%s: any JSON is events or a fault', (_name, vendor) => {
  fc.assert(
    fc.property(fc.jsonValue(), (item) => {
      expect(vendor.map(item, delivery(item))).toHaveProperty('ok');
    }),
  );
});

test.each(VENDORS)(
  '%s: a record of its own with any values is events or a fault, quickly and always the same',
  (_name, vendor, items) => {
    fc.assert(
      fc.property(fc.constantFrom(...items), fc.infiniteStream(change), (item, changes) => {
        const mutated = mutate(item, () => changes.next().value);
        const began = spentMs();
        const mapped = vendor.map(mutated, delivery(mutated));
        expect(spentMs() - began).toBeLessThan(LONGEST_MS);
        expect(vendor.map(mutated, delivery(mutated))).toEqual(mapped);
      }),
    );
  },
);

test.each(VENDORS)('%s: any bytes are read, or a fault', async (_name, vendor) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('', 'cdr=', 'cdr=%', '{"Records":[', '['),
      async (bytes, start) => {
        await partsOf(vendor, Buffer.concat([Buffer.from(start), bytes]));
      },
    ),
  );
});
