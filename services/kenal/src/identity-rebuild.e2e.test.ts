import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { findInstance } from './client/instance.ts';
import { waitUntilStored } from './client/settled.ts';
import { kenal, kenalHere, type Outcome, type RunningKenal, up } from './testing/cli.ts';

const dataDir = await migratedDirectory();
let running: RunningKenal;

/** Twenty people with two browsers each, whose second one is known by the e-mail address only. */
const EVENTS = Array.from({ length: 20 }, (_, i) => [
  { type: 'identify', userId: `u${i}`, anonymousId: `a${i}`, traits: { email: `u${i}@example.com`, name: `U ${i}` } },
  { type: 'identify', anonymousId: `b${i}`, traits: { email: `u${i}@example.com`, city: 'Ulm' } },
  { type: 'track', event: 'Seen', anonymousId: `b${i}` },
]).flat();

const rebuild = (...args: readonly string[]): Promise<Outcome> => kenal(dataDir, ['identity', 'rebuild', ...args]);

/** People as SQL has them, versions as well: nobody is told anything new. */
async function people(): Promise<string> {
  const question =
    'SELECT profile_id, version, traits, identifiers, interactions, first_seen, last_seen FROM profiles ORDER BY profile_id';
  const { code, stdout, stderr } = await kenalHere(dataDir, ['sql', question, '-f', 'tsv']);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

function loseState(): void {
  const directory = join(dataDir, 'state');
  const files = readdirSync(directory).filter((name) => name.startsWith('identity.db'));
  expect(files).toContain('identity.db');
  for (const name of files) rmSync(join(directory, name));
}

beforeAll(async () => {
  running = await up(dataDir);
  const sent = await kenal(dataDir, ['send'], { input: EVENTS.map((event) => JSON.stringify(event)).join('\n') });
  expect(sent.code).toBe(0);
  expect(await waitUntilStored(await findInstance({ dataDir }), undefined, 60_000)).toBe(true);
});
afterAll(async () => void (await running?.stop()));

test('a lost state is made anew on command, only alone and only where it is lost, and nobody is another afterwards', async () => {
  const before = await people();
  expect(before.split('\n')).toHaveLength(21);
  const beside = await rebuild();
  expect(beside.code).toBe(1);
  expect(beside.stderr).toMatch(/in use by another process: process \d+ .*; stop it first/);
  await running.stop();

  const there = await rebuild('--workspace', 'dev');
  expect([there.code, there.stdout]).toEqual([1, '']);
  expect(there.stderr).toMatch(/not empty/);

  loseState();
  const { code, stdout } = await rebuild('--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    workspaces: [
      { workspace: 'dev', interactions: EVENTS.length, owned: 0, published: 20, told: 0, seconds: expect.any(Number) },
    ],
  });

  running = await up(dataDir);
  expect(await people()).toBe(before);
});
