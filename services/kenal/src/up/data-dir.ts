import { accessSync, constants, mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { KenalError } from '@kenal/errors';

const OWN_FILES = ['keys.json', 'endpoints.json', 'kenal.log', 'distributed.yaml'];
/** Less does not carry a start: engine and logs reserve space before they write. */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;
const CHOOSE = 'choose another folder with KENAL_DATA or --data';

/**
 * Make the data directory where it is missing, and see that a start can succeed there.
 * @throws KenalError `bad_config` in one sentence: it is a file, cannot be made or written, is taken by something else, or
 * its disk is full
 */
export function prepareDataDir(dataDir: string): void {
  const path = resolve(dataDir);
  makeFolder(path);
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new KenalError('bad_config', `${path} cannot be written (${codeOf(cause)}); ${CHOOSE}`, { cause });
  }
  for (const name of OWN_FILES) {
    const own = join(path, name);
    if (statSync(own, { throwIfNoEntry: false })?.isDirectory())
      throw new KenalError('bad_config', `${own} is a folder where Kenal keeps a file; move it away`);
  }
  const { bavail, bsize, blocks } = statfsSync(path);
  if (blocks > 0 && bavail * bsize < LEAST_FREE_BYTES)
    throw new KenalError('bad_config', `the disk that holds ${path} is full; make room, then start again`);
}

// One folder at a time: the recursive form of Node 24 never returns where the kernel answers ENOENT (/proc)
function makeFolder(path: string): void {
  const found = statOf(path);
  if (found?.isDirectory()) return;
  if (found !== undefined) throw new KenalError('bad_config', `${path} is a file; ${CHOOSE}`);
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST' && statOf(path)?.isDirectory()) return; // another process was faster
    throw new KenalError('bad_config', `${path} cannot be made (${codeOf(cause)}); ${CHOOSE}`, { cause });
  }
}

function statOf(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path);
  } catch (cause) {
    // ENOTDIR: the folder above says that it is a file
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(cause))) return undefined;
    throw new KenalError('bad_config', `${path} cannot be looked at (${codeOf(cause)}); ${CHOOSE}`, { cause });
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
