import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../cli/usage-error.ts';
import type { People } from './people.ts';

const LINES_AT_ONCE = 4_096;

/** `id,cluster`, a line a record, in the order of the file. */
export async function writeClusters(path: string, idOf: People['idOf'], clusterOf: Int32Array): Promise<void> {
  try {
    await pipeline(Readable.from(lines(idOf, clusterOf)), createWriteStream(path));
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function* lines(idOf: People['idOf'], clusterOf: Int32Array): Generator<string> {
  yield 'id,cluster\n';
  for (let from = 0; from < clusterOf.length; from += LINES_AT_ONCE) {
    const some = clusterOf.subarray(from, from + LINES_AT_ONCE);
    yield Array.from(some, (cluster, i) => `${quoted(idOf(from + i))},${cluster}\n`).join('');
  }
}

function quoted(id: string): string {
  return /[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id;
}
