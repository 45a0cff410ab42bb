import { compileGroup, createSource, type KenalEvent, readGroup, readJson, SHIPPED_GROUPS } from '@kenal/collector-kit';
import { kenalConfigSchema } from '@kenal/contracts';
import { createLogger, createMetrics } from '@kenal/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VENDORS as CHAT } from '../../services/collector-chat/src/vendors/index.ts';
import { VENDORS as COMMERCE } from '../../services/collector-commerce/src/vendors/index.ts';
import { createReaderPool } from '../../services/collector-email/src/readers/pool.ts';
import { createVendors as createEmail } from '../../services/collector-email/src/vendors/index.ts';
import { VENDORS as PHONE } from '../../services/collector-phone/src/vendors/index.ts';
import { type RawDelivery, vendorDeliveries } from './support/vendor-deliveries.ts';

const NOON = Date.UTC(2026, 10, 30, 12) * 1_000;
const pool = createReaderPool({ logger: createLogger({ name: 'test', level: 'silent' }), metrics: createMetrics() });
const vendors = new Map(
  [...COMMERCE, ...CHAT, ...PHONE, ...createEmail(pool, async () => undefined)].map((one) => [one.kind, one]),
);
const PROOF = { secrets: ['env:SECRET'], keys: [{ key: `sha256:${'0'.repeat(64)}` }], verifyToken: 'env:TOKEN' };
const catalogue = new Map(
  SHIPPED_GROUPS.map(readGroup).flatMap((group) =>
    compileGroup(group).map(([name, check]) => [name, { check, named: group.events[name]?.properties ?? {} }] as const),
  ),
);

const refused = new Set<string>();
const told: { readonly kind: RawDelivery['kind']; readonly event: KenalEvent }[] = [];

beforeAll(async () => {
  for (const one of vendorDeliveries()) for (const event of await eventsOf(one)) told.push({ kind: one.kind, event });
});
afterAll(() => pool.close());

/** What a vendor's mapping makes of it, without the door before it. */
async function eventsOf({ name, kind, body, headers }: RawDelivery): Promise<readonly KenalEvent[]> {
  const source = sourceOf(kind);
  const vendor = vendors.get(kind)!;
  const payload = await (vendor.read ?? readJson)(body, headers, source);
  if (!payload.ok) throw new Error(`${name}: ${payload.fault.reason}`);
  const delivery = { source, headers, payload: payload.value, receivedAt: NOON };
  return (vendor.split?.(payload.value, source) ?? [payload.value]).flatMap((item) => {
    const mapped = vendor.map(item, delivery);
    if (!mapped.ok) refused.add(`${name} ${mapped.fault.path}`);
    return mapped.ok ? mapped.value : [];
  });
}

function sourceOf(kind: RawDelivery['kind']) {
  const proof = kind === 'ses' ? { topics: ['arn:aws:sns:eu-west-1:1:mail'] } : PROOF;
  const own = ['shop.example', '+442033221100', '5999999', 'T024BE7LD/U0STAFF'];
  const config = kenalConfigSchema.parse({
    workspaces: [{ id: 'shop', region: 'GB', sources: [{ id: 's', kind, own, ...proof }] }],
  });
  return createSource(config.workspaces[0]!, config.workspaces[0]!.sources[0]!);
}

test('every vendor of every collector is heard, and what they say is read', () => {
  // That fixture has one without a number
  expect([...refused]).toEqual(['sendgrid-events events $.sg_event_id']);
  expect([...new Set(told.map(({ kind }) => kind))].sort()).toEqual([...vendors.keys()].sort());
});

test('each event that a vendor brings is one of the catalogue', () => {
  expect([...new Set(tracks().map(({ name }) => name))].filter((name) => !catalogue.has(name))).toEqual([]);
});

test('what it says is as the catalogue has it: nothing missing, nothing of another type, nothing that is not named', () => {
  const faults = tracks().flatMap(({ kind, name, properties }) => {
    const { check, named } = catalogue.get(name) ?? {};
    const unnamed = Object.keys(properties).filter((property) => named?.[property] === undefined);
    const wrong = check?.(properties) ? [] : (check?.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
    return [...unnamed, ...wrong].map((fault) => `${kind} ${name}: ${fault}`);
  });
  expect([...new Set(faults)]).toEqual([]);
});

test('money is decimal text, and all names are snake_case', () => {
  const faults = tracks().flatMap(({ kind, name, properties }) =>
    leaves(properties)
      .filter(([key, value]) => !/^[a-z][a-z0-9_]*$/.test(key) || (isMoney(name, key) && typeof value !== 'string'))
      .map(([key, value]) => `${kind} ${name}: ${key} ${JSON.stringify(value)}`),
  );
  expect([...new Set(faults)]).toEqual([]);
});

function tracks() {
  return told.flatMap(({ kind, event: { type, event: name = '', properties = {} } }) =>
    type === 'track' ? [{ kind, name, properties }] : [],
  );
}

/** Lines of orders and contracts have prices alone. */
function isMoney(name: string, key: string): boolean {
  const schema = catalogue.get(name)?.named[key];
  return key === 'price' || (typeof schema === 'object' && schema.$ref === '#/$defs/money');
}

/** All names with what they stand for, those of objects and of lists in it too. */
function leaves(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [] : Object.entries(value);
  return [...entries, ...Object.values(value).flatMap(leaves)];
}
