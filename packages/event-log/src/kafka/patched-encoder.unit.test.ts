import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';

// What our patch of kafkajs makes faster (infra/kafka/patches) must give the bytes that Kafka's protocol asks for.
const require = createRequire(import.meta.url);
interface Encoder {
  readonly buffer: Buffer;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: number): Encoder;
  writeVarIntBytes(value: Buffer | string | null): Encoder;
}
type EncoderClass = { new (initialSize?: number): Encoder } & {
  sizeOfVarInt(value: number): number;
  sizeOfVarLong(value: number): number;
};
const Encoder = require('kafkajs/src/protocol/encoder') as EncoderClass;
const crc32C = require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;

/** Zigzag, then seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(left)]);
}

test('numbers of 32 and 64 bits take the bytes of Kafka’s varints, and as many as were announced', () => {
  const edges = [0, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 134_217_728, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1];
  const small = fc.oneof(fc.constantFrom(...edges, ...edges.map((edge) => -edge - 1)), fc.integer());
  const large = fc.oneof(small, fc.maxSafeInteger());
  fc.assert(
    fc.property(small, large, (int, long) => {
      expect(new Encoder(1).writeVarInt(int).buffer).toEqual(varint(int));
      expect(Encoder.sizeOfVarInt(int)).toBe(varint(int).length);
      expect(new Encoder(1).writeVarLong(long).buffer).toEqual(varint(long));
      expect(Encoder.sizeOfVarLong(long)).toBe(varint(long).length);
    }),
  );
});

test('bytes and texts follow each other whole, however small the buffer was at first', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }))), fc.nat(2_000), (values, size) => {
      const encoder = new Encoder(size);
      const expected: Buffer[] = [];
      for (const value of values) {
        const bytes = Buffer.from(typeof value === 'string' ? value : new Uint8Array(value));
        encoder.writeVarIntBytes(typeof value === 'string' ? value : bytes);
        expected.push(varint(bytes.length), bytes);
      }
      expect(encoder.buffer.equals(Buffer.concat(expected))).toBe(true);
    }),
  );
});

test('the checksum is CRC-32C of every byte, at every length', () => {
  expect(crc32C(Buffer.from('123456789'))).toBe(0xe3069283);
  const bytewise = (bytes: Uint8Array): number => {
    let crc = 0xffffffff;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
    return (crc ^ 0xffffffff) >>> 0;
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => crc32C(Buffer.from(bytes)) === bytewise(bytes)));
});
