import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import type { DirectiveShown } from './client/directives.ts';
import { kenal, kenalHere, type Outcome, type RunningKenal, until, up } from './testing/cli.ts';

const dataDir = await migratedDirectory();
let running: RunningKenal;

beforeAll(async () => {
  running = await up(dataDir);
  const events = [
    { type: 'identify', userId: 'ann', traits: { email: 'Family@Example.com' } },
    { type: 'track', event: 'Opened', userId: 'ann', anonymousId: 'browser-1' },
    { type: 'identify', userId: 'bob', traits: { email: 'bob@example.com' } },
    { type: 'alias', userId: 'bob', previousId: 'ann' },
  ];
  await kenal(dataDir, ['send'], { input: events.map((event) => JSON.stringify(event)).join('\n') });
  await until('the people', async () => {
    const outcomes = await Promise.all(
      ['anonymous_id:browser-1', 'user_id:bob'].map((one) => kenalHere(dataDir, ['profile', one])),
    );
    return outcomes.every(({ code }) => code === 0) ? true : null;
  });
});
afterAll(async () => void (await running?.stop()));

const identity = (...args: readonly string[]): Promise<Outcome> => kenalHere(dataDir, ['identity', ...args]);
const decided = async (...args: readonly string[]): Promise<DirectiveShown> => {
  const { code, stdout, stderr } = await identity(...args, '--reason', 'a test', '--json');
  expect([code, stderr]).toEqual([0, '']);
  return (JSON.parse(stdout) as { directive: DirectiveShown }).directive;
};

test('explain tells why two are one person, or two', async () => {
  const one = await identity('explain', 'email:family@example.com', 'anonymous_id:browser-1');
  expect(one.code).toBe(0);
  expect(one.stdout).toMatch(/^email:family@example\.com and anonymous_id:browser-1 are one person: [0-9a-f-]{36}\n/);
  expect(one.stdout.split('\n')[1]).toMatch(/email:family@example\.com +user_id:ann +link/);
  const two = await identity('explain', 'user_id:ann', 'user_id:bob');
  expect(two.stdout).toMatch(/are two people: .*\n.*a person has at most 1 user_id \(identity\.limits\)/);
  const json = await identity('explain', 'user_id:ann', 'user_id:bob', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ samePerson: false, path: [] });
  const stranger = await identity('explain', 'user_id:ann', 'user_id:nobody');
  expect([stranger.code, stranger.stderr]).toEqual([1, expect.stringMatching(/nobody ever sent user_id:nobody/)]);
});

test('an erasure asks first, whom it forgets', async () => {
  const { code, stdout, stderr } = await kenalHere(
    dataDir,
    ['identity', 'erase', 'user_id:ann', '--reason', 'r'],
    'no\n',
  );
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /^Forget user_id:ann, email:Family@Example\.com, anonymous_id:browser-1 for ever\? \(yes\/no\)/i,
  );
  expect(stderr).toMatch(/nothing was erased\n$/);
});

test('every verb is a decision, which is listed with who decided and why', async () => {
  const pair = ['user_id:ann', 'email:family@example.com'];
  const spoken = await identity('unlink', ...pair, '--reason', 'a mailbox of two', '--actor', 'Eve');
  expect([spoken.code, spoken.stdout]).toEqual([
    0,
    expect.stringMatching(/^unlink [0-9a-f-]{36} by Eve \(key this-machine\)\. It takes effect within a moment/),
  ]);
  for (const verb of ['must', 'revoke'])
    expect(await decided(verb, ...pair)).toMatchObject({ kind: verb, pairCount: 1 });
  // In effect before the next: a split is of the identifiers that the profile has then
  expect(await decided('clear', ...pair, '--wait')).toMatchObject({ kind: 'clear', pairCount: 1 });
  expect(await decided('revoke', '--source', 'store')).toMatchObject({ kind: 'revoke', source: 'store' });
  expect(await decided('clear', '--source', 'store')).toMatchObject({ kind: 'clear', source: 'store' });
  const split = await decided('split', 'user_id:ann', '--group', 'email:family@example.com', '--group', 'rest');
  expect(split.pairs.map(({ verb }) => verb).sort()).toEqual(['cannot', 'must']);
  expect(await decided('consent', 'user_id:ann', 'newsletter', 'off')).toMatchObject({
    consent: { owner: 'user_id:ann', purpose: 'newsletter', granted: false },
  });
  expect(await decided('erase', 'user_id:bob', '--yes')).toMatchObject({ kind: 'erase', erased: 2 });
  const listed = await until('all of them', async () => {
    const { stdout } = await identity('directives', '--json');
    const { directives } = JSON.parse(stdout) as { directives: DirectiveShown[] };
    return directives.length === 9 ? directives : null;
  });
  expect(listed.map(({ kind }) => kind)).toEqual([
    ...['erase', 'consent', 'split', 'clear', 'revoke', 'clear', 'revoke', 'must', 'unlink'],
  ]);
  const some = await identity('directives', '--actor', 'eve', '--kind', 'unlink,must');
  expect(some.stdout.trim().split('\n')[1]).toMatch(
    /unlink +cannot email:family@example\.com user_id:ann +Eve \(key this-machine\) +a mailbox of two$/,
  );
  const { stdout } = await kenalHere(dataDir, [
    'sql',
    'SELECT kind, count() FROM directives GROUP BY 1 ORDER BY 1 LIMIT 1',
    '-f',
    'tsv',
  ]);
  expect(stdout).toBe('clear\t2\n');
});

test.each([
  [['unlink', 'user_id:ann', 'user_id:bob'], 2, /--reason/],
  [['revoke', 'user_id:ann', '--reason', 'r'], 2, /name two identifiers, or a source with --source/],
  [['consent', 'user_id:ann', 'mail', 'maybe', '--reason', 'r'], 2, /say on or off, not maybe/],
  [['erase', 'user_id:ann', '--reason', 'r'], 2, /cannot be taken back; say --yes/],
  [['must', 'user_id:ann', 'user_id:ann', '--reason', 'r'], 1, /both ends are user_id:ann/],
  [['must', 'user_id:ann', 'user_id:bob', '--reason', 'r', '--key', 'nope'], 1, /deciding a steward key/],
])('%j fails with code %i and says what to do', async (args, code, says) => {
  const outcome = await identity(...args);
  expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(says)]);
});

test('with --wait a decision is in effect when the command ends, in profiles and in SQL, and so is what takes it back', async () => {
  const inEffect = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await identity(...args, '--reason', 'r', '--wait');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/ It has taken effect\.\n$/);
  };
  const people = async (): Promise<string> => {
    const sql = "SELECT uniqExact(profile_id), count() FROM interactions WHERE name LIKE 'carl-%'";
    return (await kenalHere(dataDir, ['sql', sql, '-f', 'tsv'])).stdout;
  };
  const events = [
    { type: 'track', event: 'carl-1', anonymousId: 'browser-9' },
    { type: 'track', event: 'carl-2', anonymousId: 'browser-9', userId: 'carl' },
  ];
  await kenal(dataDir, ['send'], { input: events.map((event) => JSON.stringify(event)).join('\n') });
  await until('the person', async () => ((await people()) === '1\t2\n' ? true : null));
  await inEffect('unlink', 'anonymous_id:browser-9', 'user_id:carl');
  expect(await people()).toBe('2\t2\n');
  expect((await identity('explain', 'anonymous_id:browser-9', 'user_id:carl')).stdout).toMatch(/are two people/);
  await inEffect('clear', 'anonymous_id:browser-9', 'user_id:carl');
  expect(await people()).toBe('1\t2\n');
  await inEffect('consent', 'user_id:carl', 'newsletter', 'on');
  await inEffect('consent', 'user_id:carl', 'calls', 'off');
  const shown = await kenalHere(dataDir, ['profile', 'user_id:carl']);
  expect(shown.stdout).toMatch(/\nConsent\n +calls +off\n +newsletter +on\n/);
  const asJson = await kenalHere(dataDir, ['profile', 'user_id:carl', '--json']);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ consent: { calls: false, newsletter: true } });
  const granted = "SELECT consent['newsletter'], mapContains(consent, 'ads') FROM profiles WHERE consent['newsletter']";
  expect((await kenalHere(dataDir, ['sql', granted, '-f', 'tsv'])).stdout).toBe('true\t0\n');
  await inEffect('erase', 'user_id:carl', '--yes');
  expect(await people()).toBe('0\t0\n');
  expect(await kenalHere(dataDir, ['profile', 'user_id:carl'])).toMatchObject({ code: 1, stdout: '' });
});

test('the steward key stands in endpoints.json and is printed nowhere', async () => {
  const { stewardKey, readKey } = running.endpoints;
  expect(stewardKey).toMatch(/^ks_/);
  expect(running.stdout() + running.stderr()).not.toContain(stewardKey);
  const reply = await fetch(`${running.endpoints.url}/v1/directives`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readKey}` },
    body: '{}',
  });
  expect([reply.status, (await reply.json()) as object]).toEqual([403, expect.objectContaining({ code: 'forbidden' })]);
  expect(await (await fetch(running.endpoints.url)).text()).not.toContain(stewardKey);
});
