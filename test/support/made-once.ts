import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));
const OUTDATED_MS = 86_400_000;

/**
 * A folder that is made once for all test processes, and only read or copied from then on. It is made beside its place and
 * renamed, so that nobody sees half of one, nor what was made by who got killed; of two who make it at once one throws his away.
 * @param sources what it follows from: when they change, another one is made
 * @returns its path, in `.cache/<name>`
 */
export async function madeOnce(
  name: string,
  sources: readonly (string | Buffer)[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(`${source.length} `).update(source);
  const place = join(CACHE, name, hash.digest('hex').slice(0, 32));
  if (existsSync(place)) return place;
  await mkdir(join(CACHE, name), { recursive: true });
  const fresh = await mkdtemp(join(CACHE, name, 'making-'));
  try {
    await make(fresh);
    await rename(fresh, place);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  await removeOutdated(join(CACHE, name), basename(place));
  return place;
}

/** Those of other sources, and what a killed process left: a day later nobody reads them any more. */
async function removeOutdated(home: string, kept: string): Promise<void> {
  for (const one of (await readdir(home)).filter((name) => name !== kept)) {
    const made = await stat(join(home, one)).catch(() => null); // somebody else may remove it
    if (made !== null && made.mtimeMs < Date.now() - OUTDATED_MS)
      await rm(join(home, one), { recursive: true, force: true });
  }
}
