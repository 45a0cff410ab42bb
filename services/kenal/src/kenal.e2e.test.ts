import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { POSITION_HEADER } from '@kenal/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wireTypes } from '../../../test/support/client/wire-types.ts';
import { validDescription } from '../../../test/support/openapi.ts';
import { endpointsPath } from './client/endpoints.ts';
import { kenal, kenalHere, type RunningKenal, temporaryDirectory, until, up } from './testing/cli.ts';
import { identifyAt } from './testing/identify.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const dataDir = temporaryDirectory();
let running: RunningKenal;

beforeAll(async () => {
  running = await up(dataDir);
});
afterAll(async () => void (await running?.stop()));

const identify = (userId: string, email: string) => identifyAt(running.endpoints, userId, email);

/** `kenal tail`, in a process of its own. */
function follow(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, 'tail', '--data', dataDir, ...args]);
  const followed = { child, seen: '', said: '' };
  child.stdout.on('data', (chunk) => (followed.seen += chunk));
  child.stderr.on('data', (chunk) => (followed.said += chunk));
  return followed;
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
      '\\f csvwithnames',
      'SELECT 7 AS',
      'exit;', // a name here
      'HELP;',
      'EXIT ;',
      "SELECT 'beyond';",
    ];
    const { code, stdout, stderr } = await kenalHere(dataDir, ['sql'], typed.join('\n'));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /two.*2.*1 row, \d+ ms.*;.*order_id.*String.*Code: 47.*\n"exit"\n7\n1 row, \d+ ms.*columns of a view/s,
    );
    expect(stdout).not.toContain('beyond');
    expect(readFileSync(join(dataDir, 'sql_history'), 'utf8')).toBe(
      "SELECT 1 + 1 AS two\nSELECT ';' AS s\nSELECT x\nSELECT 7 AS exit\n",
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

  test('a port that was asked for and is taken is refused before anything takes long', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as { port: number };
    for (const name of ['KENAL_PORT', 'KENAL_SQL_PORT']) {
      const fresh = temporaryDirectory();
      const outcome = await kenal(fresh, ['up'], { env: { [name]: String(port) } });
      expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining(`${port}`) });
      expect(outcome.stderr).not.toContain('starting the services');
      expect(existsSync(join(fresh, 'state'))).toBe(false); // the warehouse of a new directory takes seconds to migrate
    }
    squatter.close();
  });
});

describe('stopping and going on', () => {
  test('SIGTERM drains: what was acknowledged a moment before is there after the next start, under the same keys; who follows comes back', async () => {
    const before = running.endpoints;
    const followers = [follow('--json'), follow('--json', '--changes', '--from', 'earliest')];
    await until('the first lines', async () => (followers.some(({ seen }) => seen === '') ? null : true));
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
    await identify('u7', 'seven@example.com');
    for (const one of followers) {
      const { child } = one;
      await until('what came in since', async () => (one.seen.includes('seven@example.com') ? true : null));
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(one.said).toMatch(/^Kenal went away; .*\nKenal is back\.\n$/);
      const lines = one.seen.trim().split('\n');
      expect(new Set(lines).size).toBe(lines.length);
      expect(one.seen).toContain('six@example.com');
    }
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
