import type { Delivery, Vendor } from '@kenal/collector-kit';
import { createSource } from '@kenal/collector-kit';
import { type KenalConfig, kenalConfigSchema, type SourceKind } from '@kenal/contracts';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Fixture } from './fixtures.ts';

const LONGEST_MS = 100;

/**
 * Whatever comes in place of a part of a fixture, its mapping gives events or a fault, soon, and never throws.
 * @param mapping file of a custom-hmac source
 */
export function holdAgainstHostileInput(
  create: (config: KenalConfig) => Vendor,
  kind: SourceKind,
  fixtures: readonly Fixture[],
  mapping = 'none.yaml',
): void {
  const proof = { secrets: ['env:SECRET'], signature: { header: 'x-signature' }, mapping };
  const config = kenalConfigSchema.parse({
    workspaces: [{ id: 'shop', sources: [{ id: 'vendor', kind, ...proof }] }],
  });
  const [workspace] = config.workspaces;
  const source = createSource(workspace!, workspace!.sources[0]!);
  const vendor = create(config);
  const mutated = fc.constantFrom(...fixtures).chain(({ headers, body }) =>
    fc.tuple(fc.nat(), fc.jsonValue(), fc.jsonValue()).map(([place, value, all]) => ({
      headers,
      body: place % 20 === 0 ? all : replaceAt(body, place, value),
    })),
  );
  fc.assert(
    fc.property(mutated, ({ headers, body }) => {
      const delivery: Delivery = { source, headers, payload: body, receivedAt: 0 };
      const timed = () => {
        const began = performance.now();
        return { mapped: vendor.map(body, delivery), took: performance.now() - began };
      };
      const { mapped, took } = timed();
      // Once slow may be the machine's doing
      if (took > LONGEST_MS) expect(timed().took).toBeLessThan(LONGEST_MS);
      if (mapped.ok) for (const { messageId } of mapped.value) expect(messageId).not.toBe('');
      else expect(mapped.fault.path).toMatch(/^\$/);
    }),
    { numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 1_000) },
  );
}

/** The same JSON with another value at one of its places. */
function replaceAt(json: unknown, place: number, value: unknown): unknown {
  const copy = structuredClone(json);
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const [holder, key] = places[place % places.length] ?? [{}, ''];
  holder[key] = value;
  return copy;
}
