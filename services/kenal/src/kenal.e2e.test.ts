import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { POSITION_HEADER } from '@kenal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examples, installClient } from '../../../test/support/client/installed.ts';
import { wireTypes } from '../../../test/support/client/wire-types.ts';
import { validDescription } from '../../../test/support/openapi.ts';
import { endpointsPath } from './client/endpoints.ts';
import { kenal, kenalHere, type RunningKenal, temporaryDirectory, until, up } from './testing/cli.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const dataDir = temporaryDirectory();
let running: RunningKenal;

beforeAll(async () => {
  running = await up(dataDir);
});
afterAll(async () => void (await running?.stop()));

async function identify(userId: string, email: string): Promise<Response> {
  return fetch(`${running.endpoints.url}/v1/identify`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${running.endpoints.writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ userId, traits: { email, name: 'Ann Lee' } }),
  });
}

async function profileOf(reference: string): Promise<{ id: string; traits: Record<string, string> }> {
  return until(`profile of ${reference}`, async () => {
    const { code, stdout } = await kenal(dataDir, ['profile', reference, '--json']);
    return code === 0 ? JSON.parse(stdout) : null;
  });
}

describe('from ready to an answer', () => {
  test('an event that is sent right after ready is a profile within seconds, under every identifier', async () => {
    expect(await (await identify('u1', 'Ann@Example.com')).json()).toMatchObject({ success: true, accepted: 1 });
    const byUser = await profileOf('user_id:u1');
    expect(byUser.traits).toMatchObject({ email: 'Ann@Example.com', name: 'Ann Lee' });
    expect((await profileOf('email:ann@example.com')).id).toBe(byUser.id);
    const shown = await kenal(dataDir, ['profile', 'user_id:u1']);
    expect(shown.stdout).toContain('Ann Lee');
    expect(shown.stdout).toContain('40 % complete (missing phone, address, birthday), 100 % fresh');
    expect(shown.stdout).not.toContain('Trait history');
    for (const history of ['held', 'full']) {
      const told = await until(`the ${history} history`, async () => {
        const { stdout } = await kenal(dataDir, ['profile', 'user_id:u1', '--history', history]);
        return stdout.includes('Trait history') ? stdout : null;
      });
      expect(told).toMatch(/\*\s+name\s+Ann Lee\s+web\s+\d{4}-/);
    }
    const { stdout } = await kenal(dataDir, ['profile', 'user_id:u1', '--history', '--json']);
    expect(JSON.parse(stdout).traitHistory).toHaveLength(2);
  });

  test('who gives back the position of what was written reads it, each time and without asking twice', async () => {
    const { url, readKey } = running.endpoints;
    for (let n = 0; n < 20; n++) {
      const written = await identify(`own${n}`, `own${n}@example.com`);
      const position = written.headers.get(POSITION_HEADER) ?? '';
      const headers = { 'x-read-key': readKey, [POSITION_HEADER]: position };
      const path = n % 5 === 0 ? `user_id:own${n}/timeline` : `user_id:own${n}`;
      const read = await fetch(`${url}/v1/profiles/${path}`, { headers });
      expect([n, read.status]).toEqual([n, 200]);
      if (n % 5 === 0) expect(((await read.json()) as { interactions: unknown[] }).interactions).toHaveLength(1);
    }
    // Who read whom stands in the audit
    const audited =
      "SELECT count() FROM reads WHERE action = 'getProfile' AND reader LIKE 'key %' AND profile_id IN (SELECT profile_id FROM profile_identifiers WHERE value LIKE 'own%')";
    await until('the audit', async () => {
      const { stdout } = await kenalHere(dataDir, ['sql', audited, '-f', 'tsv']);
      return stdout.trim() === '16' ? true : null;
    });
  });

  test('send, tail and sql speak to it without being told where it is', async () => {
    const sent = await kenal(dataDir, [
      'send',
      'track',
      '--user',
      'u2',
      '--event',
      'Tea Ordered',
      '--properties',
      '{"total":3.5,"currency":"GBP"}',
    ]);
    expect(sent).toMatchObject({ code: 0, stdout: '1 accepted\n' });
    const row = await until('the row', async () => {
      const answer = await kenal(dataDir, [
        'sql',
        "SELECT name, amount, currency FROM interactions WHERE user_id = 'u2'",
        '-f',
        'csv',
      ]);
      return answer.stdout === '' ? null : answer.stdout;
    });
    expect(row).toBe('"Tea Ordered",3.5,"GBP"\n');
    const tail = await kenal(dataDir, ['tail', '--no-follow', '--json', '--last', '1']);
    expect(JSON.parse(tail.stdout)).toMatchObject({ name: 'Tea Ordered', source: 'web' });
    const json = await kenal(dataDir, ['sql', 'SELECT {a:UInt8} + 1 AS n', '--param', 'a=41', '--json']);
    expect(JSON.parse(json.stdout).data).toEqual([{ n: 42 }]);
    const parquet = await kenal(dataDir, ['sql', 'SELECT 1 AS x', '-f', 'parquet']);
    expect(parquet.stdout.startsWith('PAR1')).toBe(true);
  });

  test('sql names its views and their columns, writes files, and speaks with whoever types', async () => {
    const tables = await kenalHere(dataDir, ['sql', 'tables', 'order%', '-f', 'tsv']);
    expect(tables.stdout).toMatch(/^order_items\t.*\norders\tone row an order/ms);
    expect((await kenalHere(dataDir, ['sql', 'describe', 'orders'])).stdout).toMatch(
      /^name\ttype\tcomment\norder_id\tString\torder; unique within its source\n/,
    );
    expect(await kenalHere(dataDir, ['sql', 'describe', 'nothing'])).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('kenal sql tables') },
    });
    const file = join(dataDir, 'answer.csv');
    expect(await kenalHere(dataDir, ['sql', 'SELECT 1 AS x', '-f', 'csv', '-o', file])).toMatchObject({ stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe('1\n');
    const late = 'SELECT intDiv(1, 300000 - number) FROM numbers(400000)';
    const failed = await kenalHere(dataDir, ['sql', late, '-f', 'csv', '-o', join(dataDir, 'none.csv')]);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('Division by zero') });
    expect(existsSync(join(dataDir, 'none.csv'))).toBe(false);

    const typed = [
      'SELECT 1 +',
      " 1 AS two; SELECT ';' AS s;",
      '\\d orders',
      'SELECT x;',
      '\\f csv',
      'SELECT 7;',
      '\\q',
      "SELECT 'beyond';",
    ];
    const { code, stdout, stderr } = await kenalHere(dataDir, ['sql'], typed.join('\n'));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/two.*2.*1 row, \d+ ms.*;.*order_id.*String.*Code: 47.*\n7\n1 row, \d+ ms/s);
    expect(stdout).not.toContain('beyond');
    expect(readFileSync(join(dataDir, 'sql_history'), 'utf8')).toBe(
      "SELECT 1 + 1 AS two\nSELECT ';' AS s\nSELECT x\nSELECT 7\n",
    );
  });

  test('a stream of events goes in by a pipe, each to the source that it names, and a bad one alone is refused', async () => {
    const lines = [
      { source: 'store', event: { type: 'track', event: 'Visited', userId: 'u3', messageId: 'm1' } },
      { type: 'track', event: 'Called', userId: 'u3', messageId: 'm2' },
      { type: 'nonsense', userId: 'u3', messageId: 'm3' },
    ];
    const sent = await kenal(dataDir, ['send', '--json'], {
      input: lines.map((line) => JSON.stringify(line)).join('\n'),
    });
    expect(sent.code).toBe(1);
    expect(JSON.parse(sent.stdout)).toMatchObject({
      accepted: 2,
      rejected: [{ line: 3, messageId: 'm3', code: 'event_bad_type', field: 'type' }],
    });
    const rows = await until('both rows', async () => {
      const answer = await kenal(dataDir, [
        'sql',
        "SELECT source, name FROM interactions WHERE user_id = 'u3' ORDER BY name",
        '-f',
        'tsv',
      ]);
      return answer.stdout.split('\n').length === 3 ? answer.stdout : null;
    });
    expect(rows).toBe('web\tCalled\nstore\tVisited\n');
  });

  test('tail follows what comes in later', async () => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const follow = (...args: string[]) => {
      const child = spawn(process.execPath, [main, 'tail', '--data', dataDir, ...args]);
      const followed = { child, seen: '' };
      child.stdout.on('data', (chunk) => (followed.seen += chunk));
      return followed;
    };
    const events = follow('--json');
    const changes = follow('--changes', '--from', 'earliest', '--filter', 'types=created');
    await until('the first lines', async () => (events.seen === '' || changes.seen === '' ? null : true));
    const before = changes.seen.split('\n').length;
    await kenal(dataDir, ['send', 'track', '--user', 'u4', '--event', 'Bell Rung']);
    await until('the event', async () => (events.seen.includes('Bell Rung') ? true : null));
    await until('the profile', async () => (changes.seen.split('\n').length > before ? true : null));
    expect(changes.seen).toMatch(/^\d\d:\d\d:\d\d {2}created {2}[0-9a-f-]{36} {2}identifiers +first_seen by web \S+$/m);
    for (const { child } of [events, changes]) {
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
    const mixed = await kenal(dataDir, ['tail', '--filter', 'types=created']);
    expect(mixed).toMatchObject({ code: 2, stderr: expect.stringContaining('--changes goes with') });
  });

  test('the page and the description of all APIs answer, and the SQL port as ClickHouse does', async () => {
    const page = await fetch(running.endpoints.url);
    expect(await page.text()).toContain('<html');
    expect(await (await fetch(`${running.endpoints.sqlUrl}/ping`)).text()).toBe('Ok.\n');
    expect((await fetch(`${running.endpoints.url}/metrics`)).ok).toBe(true);
    const description = await validDescription(`${running.endpoints.url}/openapi.json`);
    const { paths } = description;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/track', '/v1/settled', '/v1/profiles/{profile}', '/v1/sql']),
    );
    await expect(await wireTypes(description)).toMatchFileSnapshot('../../../packages/client/src/wire.ts');
    const ready = await (await fetch(`${running.endpoints.url}/readyz?verbose`)).text();
    expect(ready).toContain('[+] identity-resolver');
    expect(ready).toContain('[+] warehouse-loader');
  });

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
    expect(again.json()).toEqual({ events: [] });
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

  test('doctor finds nothing wrong', async () => {
    const { code, stdout } = await kenal(dataDir, ['doctor', '--json']);
    expect(JSON.parse(stdout).findings.filter((finding: { state: string }) => finding.state === 'fail')).toEqual([]);
    expect(code).toBe(0);
  });
});

describe('what goes wrong is one sentence and an exit code', () => {
  test.each([
    ['an unknown person', ['profile', 'user_id:nobody'], 1, 'not_found', /no profile has user_id:nobody/],
    [
      'a type that is none',
      ['profile', 'emial:a@example.com'],
      1,
      'not_found',
      /did you mean email\? There are user_id/,
    ],
    [
      'an e-mail that is none',
      ['profile', 'email:bad'],
      1,
      'bad_query',
      /email:bad names nobody: that is no e-mail address/,
    ],
    ['a statement that writes', ['sql', 'DROP TABLE interactions'], 1, 'sql_refused', /Not allowed here: DROP/],
    ['a statement that fails', ['sql', 'SELECT nothing FROM profiles'], 1, 'sql_failed', /Code: 47.*nothing/],
    ['an unknown command', ['prfile'], 2, 'bad_usage', /unknown command 'prfile'\s\(Did you mean profile\?\)/],
    [
      'an option that is missing',
      ['import', 'orders.csv'],
      2,
      'bad_usage',
      /say what the columns mean with --map \(or --kind, of records\)/,
    ],
    [
      'an event type that is none',
      ['send', 'trak', '--user', 'u'],
      2,
      'bad_usage',
      /trak, did you mean track\?; there are/,
    ],
    ['a track without a name', ['send', 'track', '--user', 'u'], 2, 'bad_usage', /--event/],
    ['a group without its id', ['send', 'group', '--user', 'u'], 2, 'bad_usage', /--group/],
    ['an event of nobody', ['send', 'page'], 2, 'bad_usage', /--user or --anonymous/],
    [
      'a file that is not there',
      ['send', '--file', 'nowhere.ndjson'],
      2,
      'bad_usage',
      /there is no file nowhere.ndjson/,
    ],
    ['an option that is no number', ['gen', '--people', 'many'], 2, 'bad_usage', /--people must be a whole number/],
    ['an unknown profile', ['gen', 'people', '--profile', 'x'], 2, 'bad_usage', /must be one of clean, typical, dirty/],
    [
      'an option of events',
      ['gen', 'people', '--days', '3'],
      2,
      'bad_usage',
      /--days is an option of gen, not of gen p/,
    ],
    [
      'an unknown source',
      ['send', 'page', '--user', 'u', '--source', 'moon'],
      2,
      'bad_usage',
      /no key of a source moon: kenal\.yaml has none of that name, or .*--key.*known are those of web/,
    ],
    ['a wrong read key', ['sql', 'SELECT 1', '--key', 'wrong'], 1, 'unknown_key', /asking a read key/],
    [
      'a wrong write key',
      ['send', 'page', '--user', 'u', '--key', 'wrong'],
      1,
      'unknown_key',
      /sending takes a write key/,
    ],
    [
      'an address where nobody is',
      ['sql', 'SELECT 1', '--url', 'http://127.0.0.1:1', '--key', 'k'],
      1,
      'not_running',
      /nobody answers at http:\/\/127.0.0.1:1/,
    ],
    [
      'a directory without data',
      ['sql', 'SELECT 1', '--data', '/nowhere'],
      1,
      'not_running',
      /no Kenal data in \/nowhere/,
    ],
  ])('%s, for people and as JSON', async (_promise, args, exit, code, message) => {
    // A process of its own once: that is what tells an exit code
    const read = await kenal(dataDir, args);
    const parsed = await kenalHere(dataDir, [...args, '--json']);
    expect(read).toMatchObject({ code: exit, stdout: '', stderr: expect.stringMatching(message) });
    expect(read.stderr).toMatch(/^kenal: /);
    expect(read.stderr).not.toMatch(/\n\s+at /);
    expect(parsed).toMatchObject({ code: exit, stdout: '' });
    expect(JSON.parse(parsed.stderr).error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a rejected event is named by its line and field', async () => {
    const input = '{"type":"track","event":"A","userId":"u7"}\n\n{"type":"group","userId":"u7"}\n';
    const sent = await kenal(dataDir, ['send'], { input });
    expect(sent).toMatchObject({ code: 1, stdout: '1 accepted\n' });
    expect(sent.stderr).toMatch(/^rejected line 3: groupId: .*a group needs groupId \(event_missing_field\)\n$/);
  });

  test('a second up on the same data is refused and disturbs nothing', async () => {
    await expect(up(dataDir)).rejects.toThrow(/in use/);
    expect((await identify('u5', 'five@example.com')).status).toBe(200);
    expect(existsSync(endpointsPath(dataDir))).toBe(true);
  });

  test('a port that was asked for and is taken is refused', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as { port: number };
    const outcome = await kenal(temporaryDirectory(), ['up'], { env: { KENAL_PORT: String(port) } });
    squatter.close();
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining(`${port}`) });
  });
});

describe('stopping and going on', () => {
  test('SIGTERM drains: what was acknowledged a moment before is there after the next start, under the same keys', async () => {
    const before = running.endpoints;
    expect((await identify('u6', 'six@example.com')).status).toBe(200);
    const began = Date.now();
    expect(await running.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(existsSync(endpointsPath(dataDir))).toBe(false);
    expect(await kenal(dataDir, ['profile', 'user_id:u6'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no running Kenal'),
    });

    running = await up(dataDir);
    expect(running.endpoints).toMatchObject({ writeKey: before.writeKey, readKey: before.readKey });
    expect((await profileOf('user_id:u6')).traits.email).toBe('six@example.com');
    expect((await profileOf('user_id:u1')).traits.email).toBe('Ann@Example.com');
  });

  test('after a kill -9 the file is stale, which is said, and the next start goes on', async () => {
    await running.stop('SIGKILL');
    expect(existsSync(endpointsPath(dataDir))).toBe(true);
    const stale = await kenal(dataDir, ['sql', 'SELECT 1']);
    expect(stale).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody answers') });
    running = await up(dataDir);
    expect((await profileOf('user_id:u6')).traits.email).toBe('six@example.com');
  });

  test('keys and addresses can be read by their owner only', () => {
    for (const name of ['keys.json', 'endpoints.json']) expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0);
    expect(readFileSync(join(dataDir, 'kenal.log'), 'utf8')).not.toContain(running.endpoints.writeKey);
  });
});

describe('import', () => {
  const folder = temporaryDirectory();
  const file = join(folder, 'orders.csv');
  const map = join(folder, 'map.yaml');
  const rows = [
    'id,item,n,price,at,mail',
    ...Array.from(
      { length: 3_000 },
      (_, i) => `o${i % 500},sku${i % 7},${(i % 5) - 1},0.105,2026-01-0${(i % 9) + 1} 10:00,p${i % 200}@example.com`,
    ),
  ];
  rows.push(rows[1] as string, 'o1,sku1,many,1,2026-01-01 10:00,x@example.com', 'o2,sku1,1,1,2026-01-01 10:00,');
  const mapping = `time: at
identifiers: { email: mail }
order: { id: id, item: item, quantity: n, price: price, currency: EUR }
`;
  writeFileSync(file, `${rows.join('\n')}\n`);
  writeFileSync(map, mapping);
  // The row that names nobody is nobody's interaction, and a line of its order's customer
  const figures = `SELECT count(), uniqExact(order_id), toString(sum(amount)), countIf(profile_id = ''),
    (SELECT count() FROM interactions WHERE profile_id = '' AND order_currency = 'EUR') FROM order_items WHERE currency = 'EUR'`;
  const exact = `3002,500,"${(Array.from({ length: 3_000 }, (_, i) => 105 * ((i % 5) - 1)).reduce((a, b) => a + b, 0) - 105 + 1_000) / 1_000}",0,1\n`;

  test('a file goes in whole, equal lines stay, a bad row is named, and a second import adds nothing and says so', async () => {
    const first = await kenal(dataDir, ['import', file, '--map', map, '--json']);
    const summary = JSON.parse(first.stdout);
    expect(summary).toMatchObject({ rows: 3_003, accepted: 3_002, rejected: 1, withoutIdentifier: 1, stored: true });
    expect(summary).toMatchObject({ new: 3_002, known: 0, refusedLater: 0 });
    expect(summary.errors).toMatchObject([{ line: 3_003, column: 'n', reason: '"many" is not a number' }]);
    expect(first.code).toBe(1); // not all of it got in
    expect(readFileSync(summary.errorsFile, 'utf8')).toContain('"line":3003');
    expect((await kenal(dataDir, ['sql', figures, '-f', 'csv'])).stdout).toBe(exact);
    const again = await kenal(dataDir, ['import', file, '--map', map]);
    expect(again.stdout).toMatch(/new +0\n +known before +3,002\n/);
    expect((await kenal(dataDir, ['sql', figures, '-f', 'csv'])).stdout).toBe(exact);
  });

  test('of a longer file only the rows that were not there before are new; without waiting nobody can tell', async () => {
    const longer = join(folder, 'longer.csv');
    const more = ['o901', 'o902'].map((id) => `${id},sku1,1,0,2026-01-01 10:00,x@example.com`);
    writeFileSync(longer, `${rows.slice(0, 11).join('\n')}\n${more.join('\n')}\n`);
    const told = async (...more: string[]) =>
      JSON.parse((await kenal(dataDir, ['import', longer, '--map', map, '--json', ...more])).stdout);
    expect(await told()).toMatchObject({ accepted: 12, new: 2, known: 10 });
    expect(await told('--no-wait')).toMatchObject({ accepted: 12, new: null, known: null, stored: null });
  });

  test('killed in the middle it goes on where it was, and all is there once', async () => {
    const long = join(folder, 'long.csv');
    const lines = Array.from(
      { length: 40_000 },
      (_, i) => `long${i % 9_000},sku${i % 7},1,1,2026-02-01 10:00,p${i % 200}@example.com`,
    );
    writeFileSync(long, `id,item,n,price,at,mail\n${lines.join('\n')}\n`);
    const longMap = join(folder, 'long.yaml');
    writeFileSync(longMap, mapping.replace('EUR', 'CHF'));
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, 'import', long, '--map', longMap, '--data', dataDir]);
    const imports = join(dataDir, 'imports');
    await until('the first batch', async () =>
      existsSync(imports) && readdirSync(imports).some((name) => name.endsWith('.json')) ? true : null,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { stdout } = await kenal(dataDir, ['import', long, '--map', longMap, '--resume', '--json']);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ rows: 40_000, accepted: 40_000, rejected: 0, stored: true });
    expect(summary).toMatchObject({ new: 40_000, known: 0 }); // of the import as a whole, both runs
    expect(summary.resumedAt).toBeGreaterThan(0);
    const answer = await kenal(dataDir, [
      'sql',
      "SELECT count(), sum(amount) FROM order_items WHERE currency = 'CHF'",
      '-f',
      'csv',
    ]);
    expect(answer.stdout).toBe('40000,40000\n');
  });

  test('with --data and nothing running it opens Kenal itself, ends when all is stored, and so do sql and profile', async () => {
    const other = temporaryDirectory();
    const done = await kenal(dataDir, ['import', file, '--map', map, '--data', other, '--json']);
    expect(JSON.parse(done.stdout)).toMatchObject({ accepted: 3_002, stored: true });
    expect((await kenal(dataDir, ['sql', figures, '-f', 'csv', '--data', other])).stdout).toBe(exact);
    const profile = await kenal(dataDir, ['profile', 'email:p7@example.com', '--json', '--data', other]);
    expect(JSON.parse(profile.stdout).identifiers).toHaveLength(1);
    expect(existsSync(endpointsPath(other))).toBe(false);
  });

  test('a row too large for an event is an error of that row, and all others go in', async () => {
    const wide = join(folder, 'wide.ndjson');
    const row = (n: number, length: number) => JSON.stringify({ who: `wide${n}`, note: 'x'.repeat(length) });
    // fine; over what the server takes as one event; over what is sent; over a whole body; fine
    const sizes = [10, 100_000, 2_000_000, 5_000_000, 10];
    writeFileSync(wide, sizes.map((length, n) => `${row(n, length)}\n`).join(''));
    const wideMap = join(folder, 'wide.yaml');
    writeFileSync(wideMap, 'event: Noted\nidentifiers: { user_id: who }\nproperties: { note: note }\n');
    const summary = JSON.parse((await kenal(dataDir, ['import', wide, '--map', wideMap, '--json'])).stdout);
    expect(summary).toMatchObject({ rows: 5, accepted: 2, rejected: 3, stored: true });
    const errors = [...summary.errors].sort((a, b) => a.line - b.line);
    expect(errors.map(({ line, code }) => [line, code])).toEqual([2, 3, 4].map((line) => [line, 'event_too_large']));
  });

  test('a dry run checks every row, shows the first ones as interactions, and sends nothing', async () => {
    const { stdout, code } = await kenal(temporaryDirectory(), ['import', file, '--map', map, '--dry-run', '--json']);
    expect(code).toBe(1); // as the import itself
    const { rows: shown, checked } = JSON.parse(stdout);
    expect(shown).toHaveLength(5);
    expect(shown[0].interaction.properties).toMatchObject({ order_line: true, revenue: '-0.105' });
    expect(checked).toMatchObject({ rows: 3_003, good: 3_002, bad: 1, withoutIdentifier: 1, badByColumn: { n: 1 } });
    expect(checked.errors).toMatchObject([{ line: 3_003, column: 'n', reason: '"many" is not a number' }]);
    const read = await kenal(temporaryDirectory(), ['import', file, '--map', map, '--dry-run']);
    expect(read.stdout).toMatch(/rows +3,003\ngood +3,002\nbad +1\n/);
    expect(read.stderr).toContain('line 3003, n: "many" is not a number');
  });
});

test('gen gives the same bytes for the same seed, and its events can be sent', async () => {
  const folder = temporaryDirectory();
  const args = (name: string): string[] => [
    'gen',
    '--seed',
    '5',
    '--people',
    '20',
    '--events',
    '300',
    '--out',
    join(folder, name),
    '--truth',
    join(folder, `${name}.truth`),
  ];
  for (const name of ['a', 'b']) expect((await kenal(folder, args(name))).code).toBe(0);
  expect(readFileSync(join(folder, 'a'))).toEqual(readFileSync(join(folder, 'b')));
  expect(readFileSync(join(folder, 'a.truth'))).toEqual(readFileSync(join(folder, 'b.truth')));
  const sent = await kenal(dataDir, ['send', '--file', join(folder, 'a')]);
  expect(sent).toMatchObject({ code: 0, stdout: '300 accepted\n' });
});

test('gen people writes records with their mapping, the same bytes for the same seed', async () => {
  const folder = temporaryDirectory();
  const args = (name: string): string[] => [
    'gen',
    'people',
    '--seed',
    '5',
    '--records',
    '300',
    '--out',
    join(folder, name),
  ];
  for (const name of ['a.csv', 'b.csv']) expect((await kenal(folder, args(name))).code).toBe(0);
  const file = readFileSync(join(folder, 'a.csv'), 'utf8');
  expect(file).toBe(readFileSync(join(folder, 'b.csv'), 'utf8'));
  expect(file.split('\n')).toHaveLength(1 + 300 + 1);
  expect(readFileSync(join(folder, 'a.map.yaml'), 'utf8')).toContain('identifiers:\n  email: email\n');
  const piped = await kenal(folder, args('c.csv').slice(0, -2));
  expect(piped).toMatchObject({ code: 0, stdout: file });
  const chosen = ['--columns', 'record_id,truth,full_name', '--cultures', 'vietnamese', '--per-person', '3', '--json'];
  const told = JSON.parse((await kenal(folder, [...args('d.csv'), ...chosen])).stdout);
  expect(told).toMatchObject({ records: 300, out: join(folder, 'd.csv'), map: join(folder, 'd.map.yaml') });
  const lines = readFileSync(join(folder, 'd.csv'), 'utf8').split('\n');
  expect(lines[0]).toBe('record_id,truth,full_name');
  expect(lines.filter((line) => /Nguy|Tr[ầa]n|L[êe]/.test(line)).length).toBeGreaterThan(30);
});
