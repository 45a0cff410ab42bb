import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../cli/usage-error.ts';

/** A text file on disk, perhaps gzipped, whose bytes are UTF-8, UTF-16 or Windows-1252 (Latin 1). */
export interface FileText {
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
  readonly modified: number;
  readonly encoding: Encoding;
  /** Decoded text in pieces; `onBytes` is told how many bytes on disk have been read. */
  read(onBytes?: (bytes: number) => void): AsyncGenerator<string>;
}

const ENCODINGS = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  latin1: 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
  'utf-16le': 'utf-16le',
} as const;
type Encoding = (typeof ENCODINGS)[keyof typeof ENCODINGS];

/** How much is looked at to tell UTF-8 from Latin 1. */
const SNIFF_BYTES = 64 * 1024 * 1024;

/** @param asked encoding that the mapping names; without it the bytes decide */
export async function openFileText(path: string, asked?: string): Promise<FileText> {
  const { size, modified } = statOf(path);
  const gzipped = startsWith(path, [0x1f, 0x8b]);
  const bytes = async function* (onBytes?: (bytes: number) => void): AsyncGenerator<Buffer> {
    const file = createReadStream(path, { highWaterMark: 256 * 1024 });
    const source = gzipped ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => undefined) : file;
    try {
      for await (const chunk of source) {
        onBytes?.(file.bytesRead);
        yield chunk as Buffer;
      }
    } catch (error) {
      if (gzipped && error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
        throw new UsageError(`${path} is a broken gzip file (${error.message}); fetch it again`);
      throw error;
    } finally {
      file.destroy();
    }
  };
  const encoding = asked === undefined ? await sniff(bytes(), path) : encodingNamed(asked);
  return {
    path,
    size,
    modified,
    encoding,
    read: async function* (onBytes) {
      const decoder = new TextDecoder(encoding); // takes a byte order mark off
      for await (const chunk of bytes(onBytes)) {
        const text = decoder.decode(chunk, { stream: true });
        if (text !== '') yield text;
      }
      const rest = decoder.decode();
      if (rest !== '') yield rest;
    },
  };
}

function statOf(path: string): { size: number; modified: number } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`there is no file ${path}`);
  if (!stat.isFile()) throw new UsageError(`${path} is not a file`);
  return { size: stat.size, modified: stat.mtimeMs };
}

function encodingNamed(name: string): Encoding {
  const found = ENCODINGS[name.toLowerCase() as keyof typeof ENCODINGS];
  if (found === undefined)
    throw new UsageError(`the encoding ${name} is unknown; there are ${Object.keys(ENCODINGS).join(', ')}`);
  return found;
}

function startsWith(path: string, magic: readonly number[]): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(magic.length);
    return readSync(file, head, 0, magic.length, 0) === magic.length && head.equals(Buffer.from(magic));
  } finally {
    closeSync(file);
  }
}

/** Text has no such byte in UTF-8 and Windows-1252. */
const NUL = 0;

/** @throws UsageError where it is no text */
async function sniff(bytes: AsyncGenerator<Buffer>, path: string): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let seen = 0;
  try {
    for await (const chunk of bytes) {
      if (seen === 0 && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
      if (seen === 0 && chunk.includes(NUL))
        throw new UsageError(
          `${path} is no text file: it has NUL bytes (UTF-16 without a byte order mark: say file.encoding in the mapping of an import)`,
        );
      decoder.decode(chunk, { stream: true });
      seen += chunk.length;
      if (seen >= SNIFF_BYTES) return 'utf-8';
    }
    decoder.decode();
    return 'utf-8';
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252'; // not UTF-8
    throw error;
  }
}
