import { lstat, mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ExportManifest, exportManifestSchema } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';

export const MANIFEST_END = '.manifest.json';

/** Where exports may be written where nothing else is said. */
export function exportBase(asked: string | undefined, dataDir: string): string {
  return resolve(asked ?? join(dataDir, 'exports'));
}

/**
 * The folder of an export. Each name on the way is looked at: a link leads out of the base, whoever made it.
 * @param folder names of letters, digits, ., _ and -, with / between them (`exportSchema`)
 * @param make whether what is missing is made
 * @returns null where it is not there, and is not to be made
 * @throws KenalError `forbidden` where something on the way is no folder
 */
export async function exportFolder(
  base: string,
  workspace: string,
  folder: string,
  make: boolean,
): Promise<string | null> {
  if (make) await mkdir(base, { recursive: true, mode: 0o700 });
  let path = base;
  for (const name of [workspace, ...folder.split('/')]) {
    if (name === '' || name === '.' || name === '..' || /[\\/\0]/.test(name))
      throw new KenalError('forbidden', `${folder} is no folder below the folder of exports`);
    path = join(path, name);
    if (make) await mkdir(path, { mode: 0o700 }).catch(ignore('EEXIST'));
    const stat = await lstat(path).catch(ignore('ENOENT'));
    if (stat === undefined) return null;
    if (!stat.isDirectory())
      throw new KenalError('forbidden', `${name} in the folder of exports is a link or a file, and no folder`);
  }
  // The base itself may be a link of whoever runs Kenal
  return join(await realpath(base), path.slice(base.length));
}

/** What whole runs of an export left in its folder, the newest first. */
export async function exportRuns(folder: string, name: string): Promise<ExportManifest[]> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${name}-`) && file.endsWith(MANIFEST_END));
  const read = await Promise.all(files.map((file) => readManifest(join(folder, file))));
  return read
    .filter((one) => one !== null && one.name === name)
    .map((one) => one!)
    .sort((a, b) => (a.started < b.started ? 1 : -1));
}

async function readManifest(path: string): Promise<ExportManifest | null> {
  try {
    if (!(await lstat(path)).isFile()) return null;
    return exportManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null; // somebody else's file, or gone meanwhile
  }
}

function ignore(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
