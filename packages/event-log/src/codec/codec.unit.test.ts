import {
  changeSchema,
  directiveSchema,
  failedSchema,
  interactionSchema,
  resolvedSchema,
  SCHEMAS,
  type SchemaName,
} from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VALUES } from './arbitraries.ts';
import { createCodec } from './codec.ts';

const numRuns = Number(process.env.KENAL_PROPERTY_RUNS ?? 300);
const names = [...new Set(SCHEMAS.map(({ name }) => name))];
const SHAPES: Partial<Record<SchemaName, { parse(value: unknown): unknown }>> = {
  interaction: interactionSchema,
  resolved: resolvedSchema,
  failed: failedSchema,
  change: changeSchema,
  directive: directiveSchema,
};

describe.each(names)('%s', (name) => {
  const codec = createCodec<object>(name);

  test('every value of the contract comes back from the log as it was, and still fits the contract', () => {
    fc.assert(
      fc.property(VALUES[name], (value) => {
        const back = codec.decode(codec.encode(value));
        expect(back).toEqual(value);
        SHAPES[name]?.parse(back);
      }),
      { numRuns },
    );
  });

  test('the bytes are framed as Confluent does: 0, the id of the newest version, the body', () => {
    const newest = SCHEMAS.filter((version) => version.name === name).at(-1)!;
    const [value] = fc.sample(VALUES[name], 1);
    const bytes = Buffer.from(codec.encode(value!));
    expect(bytes[0]).toBe(0);
    expect(bytes.readUInt32BE(1)).toBe(newest.id);
  });

  test('garbage is refused as undecodable, at once, whatever it is', () => {
    const { id } = SCHEMAS.find((version) => version.name === name)!;
    const framed = fc.uint8Array({ maxLength: 400 }).map((body) => Uint8Array.of(0, 0, 0, 0, id, ...body));
    const truncated = fc.tuple(VALUES[name], fc.double({ min: 0, max: 0.99, noNaN: true })).map(([value, part]) =>
      codec
        .encode(value)
        .subarray(0, -1)
        .subarray(0, Math.floor(part * 4_000)),
    );
    const length = fc.uint8Array({ minLength: 9, maxLength: 40, min: 0x80 });
    const longBlocks = length.map((bytes) => Uint8Array.of(0, 0, 0, 0, id, ...new Uint8Array(11), ...bytes));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), framed, truncated, longBlocks), (bytes) => {
        const begin = performance.now();
        try {
          codec.encode(codec.decode(bytes)); // a few random bytes do spell a value
        } catch (error) {
          if (!isKenalError(error, 'event_undecodable')) throw error;
        }
        expect(performance.now() - begin).toBeLessThan(1_000);
      }),
      { numRuns },
    );
  });
});

test('a value of another schema is refused', () => {
  const [count] = fc.sample(VALUES['receipt-count'], 1);
  const bytes = createCodec<object>('receipt-count').encode(count!);
  expect(() => createCodec('interaction').decode(bytes)).toThrow(/could not be decoded/);
});

test('a block that claims 2^40 items in a few bytes costs nothing', () => {
  // interaction: 6 texts of no bytes, 3 nulls, 2 times, then the length of `identifiers`
  const bytes = Uint8Array.of(0, 0, 0, 0, 1, ...new Uint8Array(11), 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 1, 1);
  const begin = performance.now();
  expect(() => createCodec('interaction').decode(bytes)).toThrow(/could not be decoded/);
  expect(performance.now() - begin).toBeLessThan(100);
});

test('numbers beyond 2^53 and lone surrogates: the first are refused, the second become U+FFFD', () => {
  const codec = createCodec<Record<string, unknown>>('receipt-count');
  const [count] = fc.sample(VALUES['receipt-count'], 1) as Record<string, unknown>[];
  expect(() => codec.encode({ ...count, received: 2 ** 53 })).toThrow();
  expect(() => codec.encode({ ...count, received: -(2 ** 52) - 1 })).toThrow();
  expect(() => codec.encode({ ...count, received: 1.5 })).toThrow();
  expect(codec.decode(codec.encode({ ...count, source: 'a\ud800b' })).source).toBe('a\ufffdb');
});

test('a value larger than the scratch buffer is written whole, and the next one too', () => {
  const codec = createCodec<Record<string, unknown>>('failed');
  const [failed] = fc.sample(VALUES.failed, 1) as Record<string, unknown>[];
  for (const size of [70_000, 5_000_000, 10]) {
    const body = new Uint8Array(size).fill(7);
    expect(codec.decode(codec.encode({ ...failed, body })).body).toEqual(body);
  }
});
