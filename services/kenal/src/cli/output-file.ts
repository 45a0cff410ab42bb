import { once } from 'node:events';
import { createWriteStream, statSync, type WriteStream } from 'node:fs';
import type { Stream } from './cli.ts';
import { UsageError } from './usage-error.ts';

/**
 * Before anything is read: what is written must not take the place of what is read, by whatever name (a link, `./` before it).
 * @throws UsageError
 */
export function refuseToOverwrite(option: string, path: string, inputs: readonly string[]): void {
  const out = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (out === undefined) return;
  for (const input of inputs) {
    const stat = statSync(input, { throwIfNoEntry: false, bigint: true });
    if (stat?.isFile() && stat.dev === out.dev && stat.ino === out.ino)
      throw new UsageError(`${option} ${path} is ${input}, which is read: name another file`);
  }
}

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
