import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../cli/usage-error.ts';

const LINES_AT_ONCE = 4_096;

/** `id,cluster`, a line a record, in the order of the file. */
export async function writeClusters(path: string, ids: readonly string[], clusterOf: Int32Array): Promise<void> {
  try {
    await pipeline(Readable.from(lines(ids, clusterOf)), createWriteStream(path));
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function* lines(ids: readonly string[], clusterOf: Int32Array): Generator<string> {
  yield 'id,cluster\n';
  for (let from = 0; from < ids.length; from += LINES_AT_ONCE) {
    const some = ids.slice(from, from + LINES_AT_ONCE);
    yield some.map((id, i) => `${quoted(id)},${clusterOf[from + i]}\n`).join('');
  }
}

function quoted(id: string): string {
  return /[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id;
}
