import { once } from 'node:events';
import { createWriteStream, realpathSync, renameSync, rmSync, statSync, WriteStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
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

/**
 * Write all that comes to a file that a command was asked for: what fails leaves no file, and one of before as it was. What is no
 * plain file (a pipe, a device) gets it as it comes.
 * @returns bytes
 * @throws UsageError where it cannot be written; what `pieces` throws
 */
export async function writeWhole(path: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  const before = statSync(path, { throwIfNoEntry: false });
  const isPlain = before?.isFile() ?? true;
  // What a link leads to; not of others: a pipe behind /dev/stdout has no path
  const target = before?.isFile() === true ? realpathSync(path) : path;
  const draft = isPlain ? `${target}.part` : target;
  const file = await createFile(draft, before?.mode);
  try {
    await pipeline(pieces, file);
    if (isPlain) renameSync(draft, target);
    return file.bytesWritten;
  } catch (error) {
    if (isPlain) rmSync(draft, { force: true });
    throw isOfSystem(error) ? cannotBeWritten(path, error) : error;
  }
}

/** Open a file that a command was asked to write; what goes wrong with it later, `put` and `closeFile` throw. */
export async function createFile(path: string, mode?: number): Promise<WriteStream> {
  const file = createWriteStream(path, mode === undefined ? {} : { mode });
  try {
    await once(file, 'open');
  } catch (error) {
    throw cannotBeWritten(path, error);
  }
  return file.on('error', () => undefined);
}

/** Write, and wait where the other end is slower. @throws UsageError where it is a file that cannot be written */
export async function put(target: Pick<Stream, 'write' | 'once'>, text: string): Promise<void> {
  if (text === '') return;
  if (!(target instanceof WriteStream)) {
    if (target.write(text) || target.once === undefined) return;
    return new Promise<void>((resolve) => target.once?.('drain', resolve));
  }
  try {
    if (target.errored !== null) throw target.errored;
    if (!target.write(text)) await once(target, 'drain');
  } catch (error) {
    throw cannotBeWritten(target.path, error);
  }
}

/** @throws UsageError where it cannot be written */
export async function closeFile(file: WriteStream): Promise<void> {
  try {
    await finished(file.end());
  } catch (error) {
    throw cannotBeWritten(file.path, file.errored ?? error);
  }
}

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The disk is full, the folder is not there … */
function cannotBeWritten(path: string | Buffer, error: unknown): UsageError {
  return new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
}
