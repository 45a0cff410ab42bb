import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Stream } from './cli.ts';
import { UsageError } from './usage-error.ts';

/** Open a file that a command was asked to write. */
export async function createFile(path: string): Promise<WriteStream> {
  const file = createWriteStream(path);
  try {
    await once(file, 'open');
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return file;
}

/** Write, and wait where the other end is slower. */
export async function put(target: Pick<Stream, 'write' | 'once'>, text: string): Promise<void> {
  if (text === '' || target.write(text) || target.once === undefined) return;
  await new Promise<void>((resolve) => target.once?.('drain', resolve));
}

export async function closeFile(file: WriteStream): Promise<void> {
  file.end();
  await once(file, 'finish');
}
