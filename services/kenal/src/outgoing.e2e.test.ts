import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { POSITION_HEADER } from '@kenal/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examples, installClient } from '../../../test/support/client/installed.ts';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenalHere, type RunningKenal, temporaryDirectory, until, up } from './testing/cli.ts';
import { identifyAt } from './testing/identify.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const dataDir = await migratedDirectory();
let running: RunningKenal;

beforeAll(async () => {
  running = await up(dataDir);
});
afterAll(async () => void (await running?.stop()));

const identify = (userId: string, email: string) => identifyAt(running.endpoints, userId, email);

test('@kenal/client is installed from its tarball, has types, and does what its README shows', async () => {
  const client = await installClient();
  expect(client.files.filter((file) => !file.startsWith('dist/')).sort()).toEqual([
    ...['LICENSE', 'README.md', 'package.json'],
  ]);
  const { url, writeKey, readKey } = running.endpoints;
  const env = { KENAL_URL: url, WRITE_KEY: writeKey, READ_KEY: readKey };
  const [written = '', asked = '', followed = ''] = examples();
  expect(await client.script(written, env)).toBe('Mia\n');
  expect(await client.script(followed, env)).toMatch(/^created \S+ \S+@\S+ \S+\n$/);
  const shown = await until('the order in the timeline', async () => {
    const said = await client.script(asked, env);
    return said.includes('Order Completed') ? said : null;
  });
  expect(shown).toMatch(
    /^\d{4}-\S+ Order Completed\nmia@example.com not_found\ntrue\nMia\nnot_found 404 .*user_id:nobody\n$/,
  );
  const faults = await client.compile(
    `import { createKenal, type Profile } from '@kenal/client';
    const kenal = createKenal({ url: 'http://x', readKey: 'r' });
    const profile: Profile = await kenal.profiles.get('user_id:u');
    export const version: number = profile.version;
    export const nothing = profile.nothing;
    kenal.track({ userId: 'u' });`,
    join(ROOT, 'node_modules/typescript/bin/tsc'),
  );
  expect([...faults.matchAll(/^use\.ts\((\d+),/gm)].map(([, line]) => line)).toEqual(['5', '6']);
});

test('an endpoint is made, tried, stopped and removed; its deliveries are jobs that can be seen and retried', async () => {
  const run = async (...args: readonly string[]) => {
    const outcome = await kenalHere(dataDir, args);
    return { ...outcome, json: () => JSON.parse(outcome.stdout) };
  };
  const added = await run('webhooks', 'add', 'crm', 'https://hooks.kenal.invalid/crm', '--types', 'created,merged');
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S+\n$/) });
  const inside = await run('webhooks', 'add', 'inside', 'https://169.254.169.254/');
  expect([inside.code, inside.stderr]).toEqual([1, expect.stringContaining('private network')]);
  expect((await run('webhooks', 'ls')).stdout).toMatch(/crm +api +on +https:\S+ +types created merged/);

  const tried = await run('webhooks', 'test', 'crm');
  expect([tried.code, tried.stdout]).toEqual([1, expect.stringMatching(/^dead: .*hooks\.kenal\.invalid/)]);
  const attempts = await run('webhooks', 'attempts', 'crm', '--json');
  expect(attempts.json()).toMatchObject({ attempts: [{ type: 'ping', outcome: 'dead', status: 0 }] });
  const jobs = await run('jobs', 'ls', '--name', 'webhook', '--state', 'dead', '--json');
  const [{ id }] = jobs.json().jobs;
  expect((await run('jobs', 'show', 'webhook', id)).stdout).toMatch(
    /State +dead\n.*Last error .*hooks\.kenal\.invalid/s,
  );
  expect((await run('jobs', 'retry', 'webhook', id)).stdout).toMatch(/State +(waiting|active|dead)/);

  expect((await run('webhooks', 'off', 'crm')).stdout).toMatch(/State +off/);
  expect((await run('webhooks', 'on', 'crm')).stdout).toMatch(/State +on/);
  expect((await run('webhooks', 'rotate', 'crm', '--overlap', '1')).stdout).not.toBe(added.stdout);
  expect((await run('webhooks', 'show', 'crm')).stdout).toMatch(/Two secrets +until/);
  const again = await run('webhooks', 'resend', 'crm', '--since', '2026-01-01T00:00:00Z', '--json');
  expect(again.json()).toEqual({ events: [], more: false });
  expect((await run('webhooks', 'rm', 'crm')).code).toBe(0);
  expect((await run('webhooks', 'ls', '--json')).json()).toEqual({ webhooks: [] });
});

test('exports are what SQL answers, written when asked for and by the clock, without who was erased before', async () => {
  await identify('kept', 'kept@example.com');
  const position = (await identify('gone', '-gone@example.com')).headers.get(POSITION_HEADER) ?? '';
  const headers = { 'x-steward-key': running.endpoints.stewardKey, [POSITION_HEADER]: position };
  await fetch(`${running.endpoints.url}/v1/profiles/user_id:gone/timeline`, { headers }); // until it is stored
  const json = async (...args: string[]) => JSON.parse((await kenalHere(dataDir, [...args, '--json'])).stdout);
  const sql =
    "SELECT user_id, toFloat64(-1.5) AS n FROM interactions WHERE user_id IN ('kept', 'gone') ORDER BY user_id";
  for (const [name, ...more] of [
    ['lines', '-f', 'ndjson', '--compression', 'gzip'],
    ['columns', '-f', 'parquet', '--folder', 'a/b'],
    ['clock', '--schedule', '* * * * * *', '--keep', '1'],
  ] as const)
    await json('export', 'add', name, '--sql', sql, ...more);
  await json('export', 'add', 'people', '--what', 'profiles', '--fields', 'identifiers.user_id,traits.email');
  /** The newest file of an export whose run began later. */
  const written = async (name: string, after = '') => {
    const manifest = await until(`export ${name}`, async () => {
      const { exports } = await json('export', 'ls');
      const [file] = exports.find((one: { name: string }) => one.name === name).files;
      return file !== undefined && file.started > after ? file : null;
    });
    const folder = join(dataDir, 'exports', running.endpoints.workspace, name === 'columns' ? 'a/b' : name);
    return { ...manifest, content: readFileSync(join(folder, manifest.file)) };
  };
  for (const name of ['lines', 'columns', 'people']) await json('export', 'run', name);
  const answer = async (format: string) => {
    const query = new URLSearchParams({ query: sql, default_format: format, key: running.endpoints.readKey });
    return Buffer.from(await (await fetch(`${running.endpoints.url}/v1/sql?${query}`)).arrayBuffer());
  };
  expect(gunzipSync((await written('lines')).content)).toEqual(await answer('JSONEachRow'));
  expect(await written('columns')).toMatchObject({ rows: 2, content: await answer('Parquet') });
  const clock = await written('clock');
  expect(clock).toMatchObject({ rows: 2, content: await answer('CSVWithNames') });
  const people = await written('people');
  expect(people.content.toString()).toContain('"gone","\'-gone@example.com"\n');

  const here = join(temporaryDirectory(), 'people.csv');
  const fields = ['--fields', 'identifiers.user_id,traits.email'];
  await json('export', 'now', 'profiles', ...fields, '-o', here);
  const sorted = (text: Buffer) => text.toString().split('\n').sort();
  expect(sorted(readFileSync(here))).toEqual(sorted(people.content));
  expect(await kenalHere(dataDir, ['export', 'now', '--sql', 'SELECT nothing', '-o', `${here}.no`])).toMatchObject({
    code: 1,
  });
  expect(readdirSync(dirname(here))).toEqual(['people.csv']);

  const gone = `${running.endpoints.url}/v1/profiles/user_id:gone?reason=asked`;
  expect((await fetch(gone, { method: 'DELETE', headers })).status).toBe(202);
  await json('export', 'run', 'people');
  const after = await written('people', people.started);
  expect(['kept@example.com', 'gone'].map((text) => after.content.includes(text))).toEqual([true, false]);
  expect((await written('clock', after.started)).rows).toBe(1);
  for (const name of ['lines', 'columns', 'people', 'clock']) await json('export', 'rm', name);
  expect(await json('export', 'ls')).toEqual({ exports: [] });
});
