import { Transform } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import { compressBlock, mostCompressed } from './blocks/lz4.ts';

const LEVEL = 3; // http_zlib_compression_level of ClickHouse

/** Content codings, the first ones first where a client takes several, as ClickHouse chooses. */
const CODERS = {
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: LEVEL } }),
  lz4: () => createLz4Frame(),
  gzip: () => createGzip({ level: LEVEL }),
  deflate: () => createDeflate({ level: LEVEL }),
  zstd: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: LEVEL } }),
} as const satisfies Record<string, () => Transform>;
export type Coding = keyof typeof CODERS;

/** @param accepted header Accept-Encoding, e.g. `gzip;q=0.5, zstd`. @returns null where the answer goes as it is */
export function codingOf(accepted: string): Coding | null {
  const taken = new Set(
    accepted
      .toLowerCase()
      .split(',')
      .map((part) => part.split(';').map((word) => word.trim()))
      .filter(([, weight = '']) => !/^q=0(\.0*)?$/.test(weight))
      .map(([name]) => name),
  );
  for (const coding of Object.keys(CODERS) as Coding[]) if (taken.has(coding)) return coding;
  return null;
}

export function createCoder(coding: Coding): Transform {
  return CODERS[coding]();
}

// The LZ4 frame format: version 1, blocks that stand alone, of at most 1 MiB, no checksums but the head's (the last byte).
const FRAME_HEAD = Buffer.from('04224d18606051', 'hex');
const FRAME_END = Buffer.alloc(4);
const FRAME_BLOCK_BYTES = 512 * 1024;
const AS_IT_IS = 0x80000000;

function createLz4Frame(): Transform {
  let isBegun = false;
  const begin = (frame: Transform): void => {
    if (!isBegun) frame.push(FRAME_HEAD);
    isBegun = true;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      begin(this);
      for (let at = 0; at < chunk.length; at += FRAME_BLOCK_BYTES)
        this.push(frameBlock(chunk.subarray(at, at + FRAME_BLOCK_BYTES)));
      done();
    },
    flush(done) {
      begin(this);
      done(null, FRAME_END);
    },
  });
}

function frameBlock(content: Buffer): Buffer {
  const block = Buffer.allocUnsafe(4 + mostCompressed(content.length));
  const end = compressBlock(content, block, 4);
  const isSmaller = end - 4 < content.length;
  if (!isSmaller) content.copy(block, 4);
  const length = isSmaller ? end - 4 : content.length;
  block.writeUInt32LE(isSmaller ? length : length + AS_IT_IS, 0);
  return block.subarray(0, 4 + length);
}
