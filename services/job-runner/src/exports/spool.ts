import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KenalError } from '@kenal/errors';
import { parquetMetadata } from 'hyparquet';

/** Rows that lie on this machine, for as long as somebody holds them. */
export interface Spool extends AsyncDisposable {
  read(): AsyncIterable<Buffer>;
  /** How many rows a Parquet file says that it has. */
  parquetRows(): Promise<number>;
}

const OWNER_ONLY = 0o600;
const READ_BYTES = 1024 * 1024;
/** Length of the footer, and `PAR1`. */
const TAIL_BYTES = 8;

/**
 * Take an answer as fast as it comes, whatever takes it on from here: what waits for a slow bucket waits in no memory and
 * holds up no engine. The file has no name any more when its first byte is written, so that none is left behind.
 */
export async function spool(base: string, bytes: AsyncIterable<Uint8Array>): Promise<Spool> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  const path = join(base, `.rows-${randomUUID()}`);
  const file = await open(path, 'wx+', OWNER_ONLY);
  try {
    await rm(path);
    for await (const piece of bytes) await file.appendFile(piece);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    read: () => pieces(file),
    async parquetRows() {
      const { size } = await file.stat();
      const tail = await partOf(file, size - TAIL_BYTES, TAIL_BYTES);
      const length = tail.readUInt32LE(0) + TAIL_BYTES;
      if (length > size) throw new KenalError('internal', 'the engine gave no whole Parquet file');
      const footer = await partOf(file, size - length, length);
      const { num_rows } = parquetMetadata(new Uint8Array(footer).buffer);
      return Number(num_rows);
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function* pieces(file: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const piece = await partOf(file, at, READ_BYTES);
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}

async function partOf(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(length), position: Math.max(0, position) });
  return buffer.subarray(0, bytesRead);
}
