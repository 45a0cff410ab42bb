import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createCoder } from '../coding.ts';
import { writeCityHash128 } from './city-hash.ts';
import { blocksOf, plainBlock, readBlocks } from './compressed-blocks.ts';
import { decompressBlock } from './lz4.ts';

const MOST = 64 * 1024 * 1024;
const bytesOf = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => i * 31 + length * 7 + (i >> 3)));
const hash = (bytes: Uint8Array): Buffer => {
  const target = Buffer.alloc(16);
  writeCityHash128(bytes, new DataView(target.buffer, target.byteOffset, 16), 0);
  return target;
};
const packed = async (...parts: readonly Buffer[]): Promise<Buffer> =>
  Buffer.concat(await Readable.from(blocksOf(Readable.from(parts))).toArray());

// As the reference in C++ has it (PyPI clickhouse-cityhash 1.0.2.6), low half first
test.each([
  [0, '3df09dfc64c09a2b3cb540c392e51e29'],
  [1, '8be55b379cce0e4005ab4744478b1cba'],
  [3, '98f5d1ff9787f784ad1a7cf49f00ecaf'],
  [4, '07c2a6fcd5bae94158b8f02de00a7a68'],
  [7, '2768a48f7ce503daf83d181b9c390e0f'],
  [8, '3cd86cc69e2bbd0aec26880b7c3e5079'],
  [9, '643cc32376dca2c1198007a87773bac3'],
  [15, 'd8bac330daee286cb7d88d16ab041c03'],
  [16, '8013cbd173997cbe0c3f1fe2296f6250'],
  [17, '3d3a594713b61805c00b299452524db9'],
  [24, '096fcd2feab97a308b5dbfbb4538facf'],
  [31, 'c0e7d62f3976cdddfc3a952d836437de'],
  [32, '60fc712034c3ff072cafb6a29ce23799'],
  [33, '0b1d64b52c655d70a0222bb66a255214'],
  [48, 'd8fa507e5374956e3b09f11d692a7113'],
  [64, 'e8611213ea54d29456cf76ac93f9109f'],
  [127, 'a4541498ce4f0bc4477f2fc8e48f3979'],
  [128, '20e8e2fe6200f9ed243911f74759386e'],
  [143, 'e092c34488c8daebfd6f142cda427344'],
  [144, '50a37a70b70db3243eaf80dc2a6dae70'],
  [145, '9d0da55e090a1350295855db5b0c8c31'],
  [160, '7cf137c7296fa82dae52ccc1cd87ce04'],
  [200, '4c62fbf74bd216af54f89ccac4a0a8f2'],
  [255, '22cf1ad9437c70a0999d018f1021c9c3'],
  [272, 'e9a6cd4545b2164177e35dcc64830dac'],
  [400, 'a97c9692eb2f4c8112325292b0b71270'],
  [1000, 'f61b51f286b2088fa3402b4ef05aa44d'],
  [65537, '61ea975c962de387ffca2b128c049c91'],
] as const)('CityHash128 1.0.2 of %i bytes', (length, hex) => {
  const low = hash(bytesOf(length)).readBigUInt64LE(0);
  const high = hash(bytesOf(length)).readBigUInt64LE(8);
  const pair = [low, high].map((half) => half.toString(16).padStart(16, '0'));
  expect(pair.join('')).toBe(hex);
});

const CSV = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i},user-${(i * 7919) % 10_007},Tea\n`).join(''));
test.each([
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('a')],
  ['what repeats from its start', Buffer.alloc(3_000_000, 'ab')],
  ['what does not repeat', randomBytes(1_200_000)],
  ['lines', CSV],
  ['numbers', Buffer.from(BigUint64Array.from({ length: 200_000 }, (_, i) => BigInt(i)).buffer)],
])('%s comes back as it went into blocks, however it was cut', async (_what, content) => {
  const blocks = await packed(content.subarray(0, 700_001), content.subarray(700_001));
  expect(readBlocks(blocks, MOST).equals(content)).toBe(true);
  expect(readBlocks(plainBlock(content), MOST).equals(content)).toBe(true);
  expect(plainBlock(content).includes(content)).toBe(true);
  if (content === CSV) expect(blocks.length).toBeLessThan(content.length / 2);
  // Each block has 512 KiB of content or less
  for (let at = 0; at < blocks.length; at += 16 + blocks.readUInt32LE(at + 17))
    expect(blocks.readUInt32LE(at + 21)).toBeLessThanOrEqual(512 * 1024);
});

test('blocks of other methods are read, damaged ones are refused', async () => {
  const other = (method: number, body: Buffer, length: number): Buffer => {
    const head = Buffer.alloc(9);
    head.writeUInt8(method, 0);
    head.writeUInt32LE(9 + body.length, 1);
    head.writeUInt32LE(length, 5);
    const checked = Buffer.concat([head, body]);
    return Buffer.concat([hash(checked), checked]);
  };
  const text = Buffer.from('SELECT 1');
  expect(readBlocks(Buffer.concat([other(2, text, 8), other(0x90, zstdCompressSync(text), 8)]), 16).toString()).toBe(
    'SELECT 1SELECT 1',
  );
  const good = await packed(CSV);
  const flipped = Buffer.from(good);
  flipped[100] = (flipped[100] as number) ^ 1;
  expect(() => readBlocks(flipped, MOST)).toThrow(/checksum/);
  expect(() => readBlocks(good.subarray(0, -1), MOST)).toThrow(/cut off/);
  expect(() => readBlocks(good, 1_000)).toThrow(/more than 1000 bytes/);
  expect(() => readBlocks(other(0x77, text, 8), MOST)).toThrow(/method 119/);
  for (const [body, length] of [
    ['f0', 8],
    ['14610900', 8],
    ['1461', 8],
    ['80', 8],
    ['4061626364', 8],
  ] as const)
    expect(() => readBlocks(other(0x82, Buffer.from(body, 'hex'), length), MOST), body).toThrow(RangeError);
});

test('the coding lz4 is a frame of blocks that stand alone', async () => {
  for (const content of [CSV, randomBytes(600_000), Buffer.alloc(0)]) {
    const frame = Buffer.concat(await Readable.from([content]).pipe(createCoder('lz4')).toArray());
    expect(frame.subarray(0, 7).toString('hex')).toBe('04224d18606051');
    const parts: Buffer[] = [];
    let at = 7;
    for (let size = frame.readUInt32LE(at); size !== 0; size = frame.readUInt32LE(at)) {
      const body = frame.subarray(at + 4, at + 4 + (size & 0x7fffffff));
      const part = Buffer.alloc(Math.min(512 * 1024, content.length - parts.length * 512 * 1024));
      if (size > 0x7fffffff) body.copy(part);
      else decompressBlock(body, part);
      parts.push(part);
      at += 4 + body.length;
    }
    expect(at + 4).toBe(frame.length);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  }
});
