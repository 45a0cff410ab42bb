import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashKey } from '@kenal/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenalHere, type RunningKenal, until, up } from './testing/cli.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const FIXTURE = fileURLToPath(
  new URL('../../collector-phone/src/vendors/fixtures/asterisk-master.csv', import.meta.url),
);
const dataDir = await migratedDirectory();
const file = join(dataDir, 'Master.csv');
let kenal: RunningKenal;

beforeAll(async () => {
  const config = join(dataDir, 'kenal.yaml');
  const sources = ['followed', 'imported'].map(
    (id) => `{ id: ${id}, kind: asterisk, keys: [{ key: "${hashKey(`key of ${id}`)}" }], own: ["+442033221100"] }`,
  );
  const web = `{ id: web, keys: [{ key: "${hashKey('key of web')}" }] }`;
  writeFileSync(
    config,
    `workspaces: [{ id: shop, region: GB, timezone: Europe/London, sources: [${[...sources, web]}] }]\n`,
  );
  kenal = await up(dataDir, { KENAL_CONFIG: config });
});
afterAll(async () => {
  await kenal?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A record of its own for each number. */
const record = (n: number): string =>
  `"","02071838750","02033221100","from-trunk","","PJSIP/trunk-${n}","PJSIP/2001-${n}","Dial","","2026-11-30 10:00:00","","2026-11-30 10:00:09",9,0,"NO ANSWER",3,"${n}.${n}",""\n`;

function tail() {
  const env = { ...process.env, KENAL_DATA: dataDir, NO_COLOR: '1' };
  return spawn(process.execPath, [MAIN, 'cdr', 'tail', file, '--source', 'followed'], { env, stdio: 'ignore' });
}

async function sql<T>(question: string): Promise<T[]> {
  const answer = await kenalHere(dataDir, ['sql', '-f', 'ndjson', question]);
  expect(answer.stderr).toBe('');
  return answer.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}
const stored = (source: string, least: number) =>
  until(
    `${least} records of ${source}`,
    async () => {
      const [row] = await sql<{ n: number }>(
        `SELECT toUInt32(count()) AS n FROM interactions WHERE source = '${source}'`,
      );
      return row !== undefined && row.n >= least ? row.n : null;
    },
    60_000,
  );

test('a file that is imported twice is stored once, and its lines are calls of a known customer', async () => {
  for (let times = 0; times < 2; times++) {
    const outcome = await kenalHere(dataDir, ['cdr', 'import', FIXTURE, '--source', 'imported', '--json']);
    expect([outcome.code, JSON.parse(outcome.stdout)]).toEqual([
      0,
      { lines: 14, accepted: 14, rejected: 0, reasons: [] },
    ]);
  }
  expect(await stored('imported', 14)).toBe(14);
  const calls = `SELECT outcome, toUInt32(count()) AS n FROM calls WHERE source = 'imported' AND direction = 'inbound' GROUP BY outcome ORDER BY outcome`;
  expect(await sql(calls)).toEqual([
    { outcome: 'abandoned', n: 2 },
    { outcome: 'answered', n: 4 },
    { outcome: 'missed', n: 2 },
    { outcome: 'voicemail', n: 1 },
  ]);
  const people = `SELECT value, toUInt32(uniqExact(c.call_id)) AS n FROM calls AS c JOIN profile_identifiers AS p ON p.profile_id = c.profile_id WHERE c.source = 'imported' GROUP BY value ORDER BY value`;
  // Profiles come by a topic of their own, so they may be later than the interactions.
  const known = await until('both callers have a profile', async () => {
    const rows = await sql(people);
    return rows.length < 2 ? null : rows;
  });
  expect(known).toEqual([
    { value: '+442071838750', n: 9 },
    { value: '+447400123456', n: 1 },
  ]);
});

test('a follower that is killed again and again while the file is written and rotated loses nothing and adds nothing twice', async () => {
  let written = 0;
  const write = (count: number): void => {
    for (let n = 0; n < count; n++) appendFileSync(file, record(++written));
  };
  write(300);
  for (const rotate of [() => undefined, rename, cut, () => undefined]) {
    const child = tail();
    const ended = once(child, 'exit');
    const before = position();
    await until('it sends', async () => (position() === before ? null : true), 30_000);
    write(200);
    child.kill('SIGKILL');
    await ended;
    rotate();
    write(100);
  }
  const child = tail();
  const ended = once(child, 'exit');
  expect(await stored('followed', written)).toBe(written);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

function rename(): void {
  renameSync(file, `${file}.1`);
}

function cut(): void {
  copyFileSync(file, `${file}.2`);
  truncateSync(file);
}

/** How far it says to be; 0 before it said anything. */
function position(): number {
  try {
    const [name = ''] = readdirSync(join(dataDir, 'cdr')).filter((one) => one.endsWith('.json'));
    const { inode, offset } = JSON.parse(readFileSync(join(dataDir, 'cdr', name), 'utf8')) as {
      inode: number;
      offset: number;
    };
    return inode * 1e9 + offset;
  } catch {
    return 0;
  }
}

test('who names another source, or a file that is not there, is told so', async () => {
  const other = await kenalHere(dataDir, ['cdr', 'import', FIXTURE, '--source', 'web']);
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('there are followed, imported')]);
  const missing = await kenalHere(dataDir, ['cdr', 'import', `${file}.none`, '--source', 'imported']);
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('there is no file')]);
});

test('lines that nobody can read are told, and the exit code says so', async () => {
  writeFileSync(`${file}.bad`, `${record(1)}three,cells,only\n`);
  const outcome = await kenalHere(dataDir, ['cdr', 'import', `${file}.bad`, '--source', 'imported', '--json']);
  expect(outcome.code).toBe(1);
  expect(JSON.parse(outcome.stdout)).toMatchObject({
    lines: 2,
    accepted: 1,
    rejected: 1,
    reasons: [expect.stringContaining('3 cells')],
  });
});
