import { createHash } from 'node:crypto';
import { Readable, type Transform } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { ExportCompression, ExportFormat } from '@kenal/contracts';
import { createCsvCells } from '@kenal/service-kit';
import type { AskedRows } from './ask-rows.ts';

/** A file as it goes by. What is counted is right when its bytes have ended. */
export interface Encoded {
  readonly bytes: AsyncIterable<Buffer>;
  rows(): number;
  size(): number;
  sha256(): string;
}

const LF = 0x0a;

/** Rows of the engine as an export has them: no cell of CSV a formula, compressed, counted. */
export function encode({ bytes, rows }: AskedRows, format: ExportFormat, compression: ExportCompression): Encoded {
  const hash = createHash('sha256');
  const csv = createCsvCells();
  let lines = 0;
  let size = 0;

  async function* plain(): AsyncGenerator<Buffer> {
    for await (const piece of bytes) {
      const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      if (format === 'ndjson') lines += countOf(buffer, LF);
      yield format === 'csv' ? csv.write(buffer) : buffer;
    }
    if (format === 'csv') yield csv.end();
  }

  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of compressed(plain(), compression)) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }

  const rowsOf = { csv: () => Math.max(0, csv.lines - 1), ndjson: () => lines, parquet: () => rows ?? 0 };
  return { bytes: counted(), rows: rowsOf[format], size: () => size, sha256: () => hash.digest('hex') };
}

function compressed(plain: AsyncIterable<Buffer>, compression: ExportCompression): AsyncIterable<Buffer> {
  if (compression === 'none') return plain;
  const coder: Transform = compression === 'gzip' ? createGzip() : createZstdCompress();
  return Readable.from(plain, { objectMode: false }).compose(coder) as unknown as AsyncIterable<Buffer>;
}

function countOf(buffer: Buffer, byte: number): number {
  let count = 0;
  for (let at = buffer.indexOf(byte); at >= 0; at = buffer.indexOf(byte, at + 1)) count += 1;
  return count;
}
