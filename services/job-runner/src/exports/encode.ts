import { createHash } from 'node:crypto';
import { Readable, type Transform } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { ExportCompression, ExportFormat } from '@kenal/contracts';
import { createCsvCells } from '@kenal/service-kit';
import type { Spool } from './spool.ts';

/** A file as it goes by. What is counted is right when its bytes have ended. */
export interface Encoded {
  readonly bytes: AsyncIterable<Buffer>;
  rows(): number;
  size(): number;
  sha256(): string;
}

const LF = 0x0a;

/** Rows of the engine as an export has them: no cell of CSV a formula, compressed, counted. */
export async function encode(
  rows: Pick<Spool, 'read' | 'parquetRows'>,
  format: ExportFormat,
  compression: ExportCompression,
): Promise<Encoded> {
  const parquetRows = format === 'parquet' ? await rows.parquetRows() : 0;
  const hash = createHash('sha256');
  const csv = createCsvCells();
  let lines = 0;
  let size = 0;

  async function* plain(): AsyncGenerator<Buffer> {
    for await (const buffer of rows.read()) {
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

  const rowsOf = { csv: () => Math.max(0, csv.lines - 1), ndjson: () => lines, parquet: () => parquetRows };
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
