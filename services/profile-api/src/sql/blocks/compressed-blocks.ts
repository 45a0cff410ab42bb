import { zstdDecompressSync } from 'node:zlib';
import { writeCityHash128 } from './city-hash.ts';
import { compressBlock, decompressBlock, mostCompressed, storeBlock } from './lz4.ts';

// One block: 16 bytes of checksum over all that follows, method, length of the rest from the method on, length of the content.
const CHECKSUM_BYTES = 16;
const HEAD_BYTES = 9;
const METHODS = { none: 0x02, lz4: 0x82, zstd: 0x90 } as const;

/** Content of a block that we write; half of what ClickHouse takes, so that no block holds the thread for long. */
const BLOCK_BYTES = 512 * 1024;

type Pack = (content: Uint8Array, target: Uint8Array, start: number) => number;

/** Bytes as one block of ClickHouse's own compression. */
function writeBlock(content: Uint8Array, pack: Pack): Buffer {
  const block = Buffer.allocUnsafe(CHECKSUM_BYTES + HEAD_BYTES + mostCompressed(content.length));
  const end = pack(content, block, CHECKSUM_BYTES + HEAD_BYTES);
  block.writeUInt8(METHODS.lz4, CHECKSUM_BYTES);
  block.writeUInt32LE(end - CHECKSUM_BYTES, CHECKSUM_BYTES + 1);
  block.writeUInt32LE(content.length, CHECKSUM_BYTES + 5);
  const checked = block.subarray(CHECKSUM_BYTES, end);
  writeCityHash128(checked, new DataView(block.buffer, block.byteOffset, CHECKSUM_BYTES), 0);
  return block.subarray(0, end);
}

/** An error as a block of LZ4 in which its text can be read as it is: some drivers look for it without unpacking. */
export function plainBlock(text: Uint8Array): Buffer {
  return writeBlock(text, storeBlock);
}

/** What comes, in blocks. */
export async function* blocksOf(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of content) {
    for (let rest = chunk; rest.length > 0; ) {
      const part = rest.subarray(0, BLOCK_BYTES - length);
      rest = rest.subarray(part.length);
      held.push(part);
      length += part.length;
      if (length < BLOCK_BYTES) continue;
      yield writeBlock(joined(held), compressBlock);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield writeBlock(joined(held), compressBlock);
}

function joined(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

/**
 * The content of blocks in a row, each of LZ4, of Zstandard or not compressed.
 * @param most bytes that the content may have
 * @throws RangeError where they are none, a checksum is wrong, or there is more
 */
export function readBlocks(bytes: Buffer, most: number): Buffer {
  const contents: Buffer[] = [];
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < CHECKSUM_BYTES + HEAD_BYTES) throw new RangeError('a block is cut off');
    const size = bytes.readUInt32LE(at + CHECKSUM_BYTES + 1);
    const end = at + CHECKSUM_BYTES + size;
    length += bytes.readUInt32LE(at + CHECKSUM_BYTES + 5);
    if (size < HEAD_BYTES || end > bytes.length) throw new RangeError('a block is cut off');
    if (length > most) throw new RangeError(`more than ${most} bytes`);
    contents.push(readBlock(bytes.subarray(at, end)));
    at = end;
  }
  return Buffer.concat(contents);
}

function readBlock(block: Buffer): Buffer {
  const checked = block.subarray(CHECKSUM_BYTES);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  writeCityHash128(checked, new DataView(checksum.buffer, checksum.byteOffset, CHECKSUM_BYTES), 0);
  if (!checksum.equals(block.subarray(0, CHECKSUM_BYTES))) throw new RangeError('the checksum of a block is wrong');
  const length = checked.readUInt32LE(5);
  const packed = checked.subarray(HEAD_BYTES);
  const content = contentOf(checked.readUInt8(0), packed, length);
  if (content.length !== length) throw new RangeError('a block is not as long as it says');
  return content;
}

function contentOf(method: number, packed: Buffer, length: number): Buffer {
  if (method === METHODS.none) return packed;
  if (method === METHODS.zstd) return zstdDecompressSync(packed, { maxOutputLength: Math.max(length, 1) });
  if (method !== METHODS.lz4) throw new RangeError(`method ${method} of a block is not known here`);
  const content = Buffer.alloc(length);
  decompressBlock(packed, content);
  return content;
}
