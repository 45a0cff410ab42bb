import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KenalError } from '@kenal/errors';

const run = promisify(execFile);
const HOME = new URL('../../infra/kafka/', import.meta.url).pathname;
const LIBS = join(HOME, 'libs');
const MARK = join(LIBS, '.complete');
const LOCK = join(HOME, '.libs.lock');

/**
 * Folder with the jars of a real Apache Kafka: fetched once by Maven from `infra/kafka/pom.xml`, again when it changes.
 * Two processes may ask at once. Honours MAVEN_OPTS.
 * @throws KenalError `missing_prerequisite` that names what to install
 */
export async function provideKafkaJars(): Promise<string> {
  await needCommand('java', ['-version']);
  const wanted = createHash('sha256')
    .update(await readFile(join(HOME, 'pom.xml')))
    .digest('hex');
  while ((await readFile(MARK, 'utf8').catch(() => '')) !== wanted) {
    if (!(await lock())) {
      await sleep(250);
      continue;
    }
    try {
      await fetchJars(wanted);
    } finally {
      await rm(LOCK, { force: true });
    }
  }
  return LIBS;
}

async function fetchJars(wanted: string): Promise<void> {
  await needCommand('mvn', ['-v']);
  process.stderr.write('fetching Apache Kafka (44 MB) with Maven, once …\n');
  const fresh = `${LIBS}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fresh}`];
  const maven = spawn('mvn', ['-q', '-B', '-f', join(HOME, 'pom.xml'), ...goal], { stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve) => maven.once('close', resolve));
  if (code !== 0)
    throw new KenalError('missing_prerequisite', 'Maven could not fetch Apache Kafka; its output is above');
  await writeFile(join(fresh, '.complete'), wanted);
  await rm(LIBS, { recursive: true, force: true });
  await rename(fresh, LIBS);
}

/** @returns false where a living process holds it */
async function lock(): Promise<boolean> {
  try {
    const file = await open(LOCK, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch {
    const holder = Number(await readFile(LOCK, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) await rm(LOCK, { force: true });
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

async function needCommand(command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, [...args]);
  } catch (cause) {
    throw new KenalError(
      'missing_prerequisite',
      `the tests need a Kafka broker: set KAFKA_BROKERS, or start Docker, or install Java 17 and Maven (no working \`${command}\` found)`,
      { cause },
    );
  }
}
