import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readZipEntry } from './zip.ts';

const run = promisify(execFile);

const ARTIFACT = 'com.github.codemonstur:embedded-redis:1.4.3';
const JAR = 'embedded-redis-1.4.3.jar';
/** Files of the artifact by `platform-arch`. The one for linux-x64 needs libssl 3. */
const BINARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'redis-server-6.2.6-v5-linux-amd64',
  'linux-arm64': 'redis-server-6.2.7-linux-arm64',
  'darwin-x64': 'redis-server-6.2.6-v5-darwin-amd64',
  'darwin-arm64': 'redis-server-6.2.6-v5-darwin-arm64',
};
const CACHE = fileURLToPath(new URL('../../../.cache/redis/', import.meta.url));

/** `redis-server` on the PATH, or null. */
export function installedRedis(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'redis-server');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return null;
}

/**
 * The binary inside a Maven artifact, fetched once and kept in `.cache/redis`. Several processes may ask at once: each
 * works in a folder of its own and puts the result in place with one rename.
 * @returns null where the artifact has nothing for this machine
 * @throws Error where Maven is not installed or cannot fetch it
 */
export async function mavenRedis(): Promise<string | null> {
  const name = BINARIES[`${process.platform}-${process.arch}`];
  if (name === undefined) return null;
  const place = join(CACHE, name);
  if (existsSync(place)) return place;
  const work = await mkdtemp(join(tmpdir(), 'kenal-redis-fetch-'));
  try {
    process.stderr.write(`fetching Redis (${ARTIFACT}) with Maven\n`);
    const args = ['-q', '-B', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${work}`];
    await run('mvn', args, { cwd: work }); // away from any pom.xml; MAVEN_OPTS and settings.xml count
    await mkdir(dirname(place), { recursive: true });
    const fresh = `${place}.${process.pid}`;
    await writeFile(fresh, readZipEntry(await readFile(join(work, JAR)), name));
    await chmod(fresh, 0o755);
    await rename(fresh, place);
    return place;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
