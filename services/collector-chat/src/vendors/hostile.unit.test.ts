import { createKeyring, type Source, type Vendor } from '@kenal/collector-kit';
import { type JsonValue, kenalConfigSchema } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VENDORS } from './index.ts';
import { fixturesOf } from './testing/chat.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });
const LONGEST_MS = 100;

/** Of this thread alone: the machine may be busy with others. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function sourceOf(kind: string): Source {
  const source = { id: 'talks', kind, secrets: ['env:SECRET'], own: ['shop.example'] };
  return createKeyring(kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources: [source] }] })).source(
    'shop',
    'talks',
  )!;
}

/** Everything that a mapping makes of a payload, twice; a fault of each part that it refuses. */
function mapTwice(vendor: Vendor, source: Source, payload: unknown): void {
  const delivery = { source, headers: {}, payload, receivedAt: 0 };
  const map = () => (vendor.split?.(payload, source) ?? [payload]).map((item) => vendor.map(item, delivery));
  const began = cpuMs();
  vendor.handshake?.(delivery);
  const mapped = map();
  expect(cpuMs() - began).toBeLessThan(LONGEST_MS);
  expect(map()).toEqual(mapped);
  for (const one of mapped) {
    if (!one.ok) expect(one.fault.path).toMatch(/^\$/);
    else for (const event of one.value) expect(event.messageId).not.toBe('');
  }
}

/** A fixture with something else at one place of it. */
const mutated = (fixture: JsonValue) =>
  fc.tuple(fc.nat(200), fc.jsonValue()).map(([place, value]) => {
    let left = place;
    const walk = (node: JsonValue): JsonValue => {
      if (left-- === 0) return value as JsonValue;
      if (Array.isArray(node)) return node.map(walk);
      if (typeof node !== 'object' || node === null) return node;
      return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
    };
    return walk(fixture);
  });

test.each(VENDORS.map((vendor) => [vendor.kind, vendor] as const))(
  '%s: any JSON, and any one change of a known delivery, gives events or faults: the same each time, at once',
  (kind, vendor) => {
    const source = sourceOf(kind);
    const fixtures = Object.values(fixturesOf(kind)) as JsonValue[];
    fc.assert(fc.property(fc.jsonValue(), (payload) => mapTwice(vendor, source, payload)));
    fc.assert(fc.property(fc.constantFrom(...fixtures).chain(mutated), (payload) => mapTwice(vendor, source, payload)));
  },
);

test.each(VENDORS.map((vendor) => [vendor.kind, vendor] as const))(
  '%s: a megabyte of lists, of brackets in text and of records takes no longer than a turn',
  (kind, vendor) => {
    const source = sourceOf(kind);
    const text = '<'.repeat(1_000_000);
    const many = Array.from({ length: 20_000 }, (_, i) => ({ id: i, wa_id: String(i), type: 'text', from: String(i) }));
    for (const fixture of Object.values(fixturesOf(kind))) {
      const grown = JSON.parse(JSON.stringify(fixture), (_key, value) =>
        typeof value === 'string' && value.includes(' ') ? text : value,
      );
      const listed = JSON.parse(JSON.stringify(fixture), (_key, value) =>
        Array.isArray(value) ? [...value, ...many] : value,
      );
      for (const payload of [grown, listed]) {
        const delivery = { source, headers: {}, payload, receivedAt: 0 };
        let [began, longest] = [cpuMs(), 0];
        for (const item of vendor.split?.(payload, source) ?? [payload]) {
          vendor.map(item, delivery);
          const ended = cpuMs();
          longest = Math.max(longest, ended - began);
          began = ended;
        }
        expect(longest).toBeLessThan(LONGEST_MS);
      }
    }
  },
);
