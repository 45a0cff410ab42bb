import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenalHere, type Outcome, type RunningKenal, up } from './testing/cli.ts';

const dataDir = await migratedDirectory();
const [map, file, corrected] = ['map.yaml', 'bad.csv', 'good.csv'].map((name) => join(dataDir, name)) as [
  string,
  string,
  string,
];
let running: RunningKenal;

beforeAll(async () => {
  running = await up(dataDir);
  writeFileSync(map, 'type: identify\nidentifiers: { user_id: id, email: email }\ntraits: { name: name }\n');
  writeFileSync(file, 'id,email,name\nann,ann@example.com,Ann\nbob,ann@example.com,Bob\n');
  writeFileSync(corrected, 'id,email,name\nann,ann@example.com,Ann\nbob,bob@example.com,Bob\n');
});
afterAll(async () => void (await running?.stop()));

const done = async (...args: readonly string[]): Promise<Outcome> => {
  const outcome = await kenalHere(dataDir, args);
  expect([args[0], outcome.code, outcome.code === 0 ? '' : outcome.stderr]).toEqual([args[0], 0, '']);
  return outcome;
};
const decide = (...args: readonly string[]) => done('identity', ...args, '--reason', 'a bad file', '--wait');
const importInto = (source: string, path: string) => done('import', path, '--map', map, '--source', source, '--json');

// A bad file was revoked and the corrected one imported: it was accepted and stored, nobody had a profile, and nothing said why.
test('a source that is revoked says so wherever somebody stands before it, until it is cleared', async () => {
  const first = await importInto('import', file);
  expect(JSON.parse(first.stdout)).toMatchObject({ accepted: 2, stored: true, revoked: null });
  const { stdout: told } = await decide('revoke', '--source', 'import');
  expect(told).toMatch(
    /holds for what source import says from now on as well, until kenal identity clear --source import/,
  );

  const second = await importInto('import', corrected);
  expect(second.stderr).toMatch(
    /! source import is revoked, so nobody gets a profile .*\(a bad file; directive [0-9a-f-]{36}\)\. kenal identity clear --source import takes that back; or name another source with --source/,
  );
  expect(JSON.parse(second.stdout)).toMatchObject({ accepted: 2, revoked: { reason: 'a bad file' } });
  expect(await kenalHere(dataDir, ['profile', 'user_id:bob'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /all that was said of it is of source import, which is revoked; kenal identity clear/,
    ),
  });
  const { stdout: why } = await done('identity', 'explain', 'user_id:ann', 'email:bob@example.com');
  expect(why).toMatch(/are nobody \(source import is revoked\)\.\nDecided\n +all of source import: .* a bad file /);

  expect((await importInto('shop', corrected)).stderr).toBe('');
  expect((await done('profile', 'user_id:bob')).stdout).toMatch(/bob@example\.com/);
  const again = await decide('revoke', '--source', 'import');
  expect(again.stdout).toMatch(/That held already: .* decided so \(a bad file\)\. It holds for/);
  expect((await decide('clear', '--source', 'import')).stdout).toMatch(/effect\.\n$/);
  expect((await decide('clear', '--source', 'import')).stdout).toMatch(
    /effect\.\nSource import was not revoked, so there was nothing to take back\.\n$/,
  );
});

test('what was decided of two is told where somebody asks about them, and a decision that changes nothing says so', async () => {
  const pair = ['user_id:ann', 'email:ann@example.com'];
  await decide('revoke', ...pair);
  const { stdout } = await done('identity', 'explain', ...pair);
  expect(stdout).toMatch(
    /are two people: .*\n(?:.*\n)*Decided\n +email:ann@example\.com and user_id:ann: counts as never seen +\S+ +key this-machine +a bad file +[0-9a-f-]{36}\n$/,
  );
  expect((await decide('revoke', ...pair)).stdout).toMatch(/That held already/);
  await decide('clear', ...pair);
  expect((await decide('clear', ...pair)).stdout).toMatch(
    /Nothing was decided of email:ann@example\.com and user_id:ann/,
  );
  const strangers = ['user_id:ann', 'email:bob@example.com'];
  expect((await decide('revoke', ...strangers)).stdout).toMatch(/have no link of their own, so nothing changes now/);
  await decide('clear', ...strangers);
  expect((await decide('must', ...strangers, '--actor', 'Eve')).stdout).toMatch(/effect\.\n$/);
  expect((await done('identity', 'explain', ...strangers)).stdout).toMatch(
    /are one person: .*\n +user_id:ann +email:bob@example\.com +must +\S+ +Eve \(key this-machine\): a bad file\n/,
  );
});
