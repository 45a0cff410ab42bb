import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { POSITION_HEADER } from '@kenal/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openForeignPages } from '../../../test/support/client/foreign-page.ts';
import { examples, type Installed, installClient } from '../../../test/support/client/installed.ts';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenalHere, type RunningKenal, temporaryDirectory, until, up } from './testing/cli.ts';
import { identifyAt } from './testing/identify.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const dataDir = await migratedDirectory();
let running: RunningKenal;
let client: Installed;

beforeAll(async () => {
  [running, client] = await Promise.all([up(dataDir), installClient()]);
});
afterAll(async () => void (await running?.stop()));

const identify = (userId: string, email: string) => identifyAt(running.endpoints, userId, email);

test('@kenal/client is installed from its tarball, has types, and does what its README shows', async () => {
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

test('@kenal/client reads all that is known of a person, each by its call', async () => {
  const { url, writeKey, readKey } = running.endpoints;
  const shown = await client.script(
    `import { createKenal } from '@kenal/client';
    const kenal = createKenal(${JSON.stringify({ url, writeKey, readKey })});
    const { profiles } = kenal;
    const all = async (items) => { const list = []; for await (const { id } of items) list.push(id); return list; };
    void kenal.identify({ userId: 'noa', traits: { name: 'Noa Kis', email: 'noa@example.com' } });
    void kenal.track({ userId: 'noa', event: 'Order Completed', properties: { order_id: '2001', total: 3, currency: 'GBP' } });
    void kenal.track({ userId: 'noa', event: 'Order Completed', properties: { order_id: '2002', total: 4, currency: 'GBP' } });
    const [ref, after] = ['user_id:noa', 'mine'];
    const { id, traits } = await profiles.get(ref, { after });
    console.log(JSON.stringify({
      orders: (await all(profiles.orders(ref, { after, pageSize: 1 }))).sort(),
      order: (await profiles.order('2002', { after })).total,
      card: (await profiles.card(ref, { after })).name,
      scores: (await profiles.scores(ref, { after })).id === id,
      traits: (await profiles.traits(ref, { history: 'full', trait: 'email' })).traits.email.value === traits.email,
      identifiers: (await profiles.identifiers(ref)).identifiers.map(({ type }) => type).sort(),
      search: (await all(profiles.search('noa@example', { pageSize: 1 }))).includes(id),
    }));`,
    {},
  );
  expect(JSON.parse(shown)).toEqual({
    ...{ orders: ['2001', '2002'], order: '4', card: 'Noa Kis', scores: true, traits: true },
    ...{ identifiers: ['email', 'user_id'], search: true },
  });
});

test('@kenal/client does the same in pages of another origin, and what a page says as it goes arrives', async () => {
  await using pages = await openForeignPages(client.dist);
  const { url, writeKey, readKey } = running.endpoints;
  const page = await pages.open();
  const said = await page.run<string>(
    { url, writeKey },
    `const kenal = createKenal({ url, writeKey, flushAt: 10, retries: 0 });
    const read = (length) => ({ userId: 'лена', event: 'Читала', properties: { text: 'я'.repeat(length) } });
    void kenal.identify({ userId: 'лена', traits: { name: 'Лена', email: 'lena@example.com' } });
    // In bytes more than a browser takes for a page that is gone, in characters not
    await Promise.all(Array.from({ length: 9 }, () => kenal.track(read(5_000))));
    // Somebody else on the page has all of it
    void fetch('/held', { method: 'POST', body: 'x'.repeat(60_000), keepalive: true });
    return (await createKenal({ url, writeKey, retries: 1 }).track(read(5_000))).position;`,
  );
  const headers = { authorization: `Bearer ${readKey}`, 'content-type': 'application/json', [POSITION_HEADER]: said };
  const person = `${url}/v1/profiles/${encodeURIComponent('user_id:лена')}`;
  const issued = await fetch(`${person}/token`, { method: 'POST', headers, body: '{}' });
  const { token } = (await issued.json()) as { token: string };
  const seen = await page.run(
    { url, token, readKey, said },
    `const { profiles } = createKenal({ url, readKey: token });
    const { traits } = await profiles.get('me', { after: said });
    let read = 0;
    for await (const { name } of profiles.timeline('me', { after: said, pageSize: 4 })) read += name === 'Читала';
    for await (const { change } of createKenal({ url, readKey }).changes.subscribe({ from: 'earliest' }))
      if (change.after?.traits.email === 'lena@example.com') return { name: traits.name, read, change: change.type };`,
  );
  expect(seen).toEqual({ name: 'Лена', read: 10, change: 'created' });

  const going = await pages.open();
  await going.run(
    { url, writeKey },
    `const kenal = createKenal({ url, writeKey, flushInterval: 600_000 });
    document.addEventListener('visibilitychange', () => void kenal.flush());
    void kenal.identify({ userId: 'ушла', traits: { email: 'left@example.com' } });`,
  );
  await going.leave();
  const left = `${url}/v1/profiles/email:left@example.com`;
  await until('what it said as it went', async () => ((await fetch(left, { headers })).ok ? true : null));
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

  const set = await run(
    'webhooks',
    'set',
    'crm',
    '--address',
    'https://hooks.kenal.invalid/v2',
    '--identifier-types',
    'email',
  );
  expect(set.stdout).toMatch(/Address +https:\S+\/v2\nIs told of +identifierTypes email\n/);
  expect((await run('webhooks', 'set', 'crm', '--all', '--description', 'v2')).stdout).toMatch(
    /\/v2\nAbout +v2\nIs told of +all changes\n/,
  );
  for (const [args, says] of [
    [['set', 'crm'], /say what to change: --address/],
    [['resend', 'crm'], /--event <webhook-id>, or --since <time>/],
    [['attempts', 'crm', '--outcome', 'bad'], /must be one of delivered, failed, dead/],
    [['add', 'lo', 'http://127.0.0.1:9220/h'], /https:\/\/; for tests, `dangerouslyAllowLoopbackWebhooks: true`/],
  ] as const)
    expect((await run('webhooks', ...args)).stderr).toMatch(says);
  const schedules = (await run('jobs', 'ls', '--state', 'delayed')).stdout;
  expect(schedules).toMatch(/^mart-schedule-\S+ .* marts customer_day triggers, cron \*\/5 \* \* \* \* *$/m);

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

test('keys of this machine are shown as generated, and say so to whoever would take them back', async () => {
  const { stdout } = await kenalHere(dataDir, ['keys', 'ls']);
  expect(stdout).toMatch(/^this-machine-read +generated +profiles events sql changes +all /m);
  expect(stdout).toMatch(/^this-machine +generated +profiles .* manage +all /m);
  const refused = await kenalHere(dataDir, ['keys', 'rm', 'this-machine']);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is generated for commands on the machine'),
  });
  expect(refused.stderr).not.toContain('kenal.yaml');
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
