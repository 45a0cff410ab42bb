import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KenalError } from '@kenal/errors';

const run = promisify(execFile);

/** What Maven fetches for a test. */
export interface Jars {
  /** Folder with the pom.xml; the jars come into `libs` in it. */
  readonly home: string;
  /** For the person who waits, e.g. `Apache Kafka (44 MB)`. */
  readonly what: string;
  /** What to do where Java or Maven is missing. */
  readonly need: string;
}

/**
 * Folder with jars: fetched once by Maven from a pom.xml, again when that changes. Two processes may ask at once. Honours
 * MAVEN_OPTS.
 * @throws KenalError `missing_prerequisite` that names what to install
 */
export async function provideJars(jars: Jars): Promise<string> {
  await needCommand(jars, 'java', ['-version']);
  const libs = join(jars.home, 'libs');
  const wanted = createHash('sha256')
    .update(await readFile(join(jars.home, 'pom.xml')))
    .digest('hex');
  while ((await readFile(join(libs, MARK), 'utf8').catch(() => '')) !== wanted) {
    const lockFile = join(jars.home, '.libs.lock');
    if (!(await lock(lockFile))) {
      await sleep(250);
      continue;
    }
    try {
      await fetchJars(jars, libs, wanted);
    } finally {
      await rm(lockFile, { force: true });
    }
  }
  return libs;
}

const MARK = '.complete';

async function fetchJars(jars: Jars, libs: string, wanted: string): Promise<void> {
  await needCommand(jars, 'mvn', ['-v']);
  process.stderr.write(`fetching ${jars.what} with Maven, once …\n`);
  const fresh = `${libs}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fresh}`];
  const maven = spawn('mvn', ['-q', '-B', '-f', join(jars.home, 'pom.xml'), ...goal], { stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve) => maven.once('close', resolve));
  if (code !== 0)
    throw new KenalError('missing_prerequisite', `Maven could not fetch ${jars.what}; its output is above`);
  await writeFile(join(fresh, MARK), wanted);
  await rm(libs, { recursive: true, force: true });
  await rename(fresh, libs);
}

/** @returns false where a living process holds it */
async function lock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch {
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function needCommand({ need }: Jars, command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, [...args]);
  } catch (cause) {
    throw new KenalError('missing_prerequisite', `${need} (no working \`${command}\` found)`, { cause });
  }
}
