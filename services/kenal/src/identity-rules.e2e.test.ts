import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { findInstance } from './client/instance.ts';
import { waitUntilStored } from './client/settled.ts';
import type { Trial } from './identity/rules/index.ts';
import { kenal, kenalHere, type Outcome, type RunningKenal, until, up } from './testing/cli.ts';

const dataDir = await migratedDirectory();
let running: RunningKenal;

const rules = (...args: readonly string[]): Promise<Outcome> => kenalHere(dataDir, ['identity', 'rules', ...args]);
const file = (name: string, text: string): string => {
  const path = join(dataDir, name);
  writeFileSync(path, text);
  return path;
};
/** Two accounts of a person may be one, a mailbox of five is nobody's hub, and nobody has more than four browsers. */
const OTHER = file(
  'other.yaml',
  `identity:
  limits: { user_id: 2, anonymous_id: 4, phone: 1 }
  caps: { email: 6 }
  blocked: ['user_id:bob1']
`,
);

/** Ten couples, a mailbox of five, thirty browsers of one person, two phones of each of ten. */
const EVENTS: readonly object[] = [
  ...Array.from({ length: 10 }, (_, i) => [
    { type: 'identify', userId: `ann${i}`, traits: { email: `couple${i}@example.com`, name: `Ann ${i}`, city: 'Ulm' } },
    { type: 'identify', userId: `bob${i}`, traits: { email: `couple${i}@example.com`, name: `Bob ${i}` } },
  ]).flat(),
  ...Array.from({ length: 5 }, (_, i) => ({
    type: 'identify',
    userId: `team${i}`,
    traits: { email: 'team@example.com' },
  })),
  ...Array.from({ length: 30 }, (_, i) => ({ type: 'track', event: 'Seen', userId: 'eve', anonymousId: `eve-${i}` })),
  ...Array.from({ length: 10 }, (_, i) => [
    { type: 'identify', userId: `dan${i}`, traits: { phone: `+4930901820${i}` } },
    { type: 'identify', userId: `dan${i}`, traits: { phone: `+4930901821${i}` } },
    { type: 'identify', traits: { phone: `+4930901821${i}` }, anonymousId: `dan-${i}` },
  ]).flat(),
];

async function sql(question: string): Promise<string> {
  const { code, stdout, stderr } = await kenalHere(dataDir, ['sql', question, '-f', 'tsv']);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

/** Profile of each identifier. */
async function people(): Promise<Map<string, string>> {
  const rows = await sql(
    "SELECT concat(type, ':', value), profile_id FROM profile_identifiers WHERE value NOT LIKE 'flow%' ORDER BY 1",
  );
  return new Map(
    rows
      .split('\n')
      .filter(Boolean)
      .map((row) => row.split('\t') as [string, string]),
  );
}

const content = (): Promise<string> =>
  sql(
    `SELECT profile_id, traits, identifiers, interactions, first_seen, last_seen FROM profiles
     WHERE NOT arrayExists(one -> one.2 LIKE 'flow%', identifiers) ORDER BY profile_id`,
  );

/** How many people of the one are joined to others in the other. */
function joins(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): number {
  const found = new Map<string, Set<string>>();
  for (const [key, profile] of one) {
    const known = found.get(profile) ?? new Set();
    found.set(profile, known);
    if (other.has(key)) known.add(other.get(key)!);
  }
  return [...found.values()].reduce((sum, { size }) => sum + Math.max(0, size - 1), 0);
}

const trial = async (path: string): Promise<Trial> => {
  const { code, stdout, stderr } = await rules('try', path, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Trial;
};

beforeAll(async () => {
  running = await up(dataDir);
  const events = EVENTS.map((event, i) => ({ timestamp: new Date(Date.UTC(2026, 0, 1) + i).toISOString(), ...event }));
  await kenal(dataDir, ['send'], { input: events.map((event) => JSON.stringify(event)).join('\n') });
  const instance = await findInstance({ dataDir });
  expect(await waitUntilStored(instance, undefined, 60_000)).toBe(true);
});
afterAll(async () => void (await running?.stop()));

test('what a dry run tells is what a switch does, events go on all the while, and switching back brings all back', async () => {
  const [before, was] = [await people(), await content()];
  const saved = await rules('show');
  expect(saved.stdout).toMatch(
    /^# Workspace dev: no kenal\.yaml, so the rules that Kenal comes with; nobody has switched/,
  );
  const told = await trial(OTHER);
  expect(told).toMatchObject({ workspace: 'dev', directive: null, profilesBefore: new Set(before.values()).size });
  expect(told.blocked).toEqual({ identifiers: 1, sample: ['user_id:bob1'] });
  expect(told.gained).toContainEqual({
    ...{ a: 'user_id:ann0', b: 'user_id:bob0', reason: 'limit:user_id' },
    why: 'a person has at most 1 user_id (identity.limits)',
  });
  expect([await people(), await content()]).toEqual([before, was]);

  const flow = startFlow();
  const switched = await rules('switch', OTHER, '--reason', 'a test', '--actor', 'Eve', '--wait');
  expect([switched.code, switched.stderr]).toEqual([0, '']);
  expect(switched.stdout).toMatch(/^ruleset [0-9a-f-]{36} by Eve .*Everybody is decided again by it\.\nIt holds after/);
  expect(switched.stdout).toMatch(
    /\nIt blocks values\. .* until kenal identity rebuild gives these the next best owner/,
  );
  const after = await people();
  expect(told.profilesAfter).toBe(new Set(after.values()).size);
  expect([told.mergesGained, told.mergesLost]).toEqual([joins(after, before), joins(before, after)]);
  const left = [...before].filter(([key]) => !after.has(key));
  expect(left.map(([key]) => key)).toContain('user_id:bob1');
  const fewer = new Set(left.map(([, profile]) => profile)).size;
  expect(told.orphans).toMatchObject({ identifiers: left.length, people: fewer });
  expect(told.mergesGained).toBeGreaterThan(9);
  expect(told.mergesLost).toBeGreaterThan(5);
  expect(told.largest[0]?.size).toBe(largest(after));
  for (const { a, b } of told.gained) expect(after.get(a)).toBe(after.get(b));
  for (const { a, b } of told.lost) expect(after.get(a)).not.toBe(after.get(b));
  const id = /ruleset ([0-9a-f-]{36})/.exec(switched.stdout)![1]!;
  const shown = await rules('show');
  expect(shown.stdout).toMatch(
    new RegExp(`^# Workspace dev: ruleset ${id} of \\S+ by Eve .*\\(a test\\)\n# holds as long`),
  );
  expect(await trial(file('shown.yaml', shown.stdout))).toMatchObject({
    ...{ directive: id, mergesGained: 0, mergesLost: 0, gained: [], lost: [] },
    ...{ blocked: { identifiers: 0 } },
  });

  const back = file('back.yaml', saved.stdout);
  const toldBack = await trial(back);
  expect(toldBack).toMatchObject({ mergesGained: told.mergesLost, mergesLost: told.mergesGained });
  expect(toldBack.largest[0]?.size).toBe(largest(before));
  const { code } = await rules('switch', back, '--reason', 'a test', '--wait');
  expect(code).toBe(0);
  const { sent, faults, slowest } = await flow();
  expect(faults).toEqual([]);
  expect(slowest).toBeLessThan(10_000);
  expect(await people()).toEqual(before);
  expect(await content()).toBe(was);
  await until('the events that came meanwhile', async () =>
    (await sql("SELECT uniqExact(profile_id) FROM interactions WHERE owner LIKE 'user_id:flow%'")) === `${sent}\n`
      ? true
      : null,
  );
});

function largest(people: ReadonlyMap<string, string>): number {
  return Math.max(...Array.from(Map.groupBy(people.values(), (id) => id).values(), ({ length }) => length));
}

/** One identify after the other, each of somebody else. @returns what ends it */
function startFlow() {
  const result = { sent: 0, faults: [] as string[], slowest: 0 };
  let going = true;
  const { url, writeKey } = running.endpoints;
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;
  const flowing = (async () => {
    while (going) {
      const began = performance.now();
      const body = JSON.stringify({
        userId: `flow${result.sent}`,
        traits: { email: `flow${result.sent}@example.com` },
      });
      const headers = { authorization, 'content-type': 'application/json' };
      const said = await fetch(`${url}/v1/identify`, { method: 'POST', headers, body }).then(
        (reply) => (reply.ok ? null : `${reply.status}`),
        (error: unknown) => String(error),
      );
      if (said === null) result.sent += 1;
      else result.faults.push(said);
      result.slowest = Math.max(result.slowest, performance.now() - began);
    }
  })();
  return async () => {
    going = false;
    await flowing;
    return result;
  };
}

test('a person at the terminal reads the figures, the largest people, samples with reasons, and that nothing was written', async () => {
  const { code, stdout, stderr } = await rules('try', OTHER);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nprofiles +[\d,]+ today, [\d,]+ then\nmerges gained +\d+ people become one with another\n/);
  expect(stdout).toMatch(/\nidentifiers +people today +the largest people then\n +\d+ +1 +user_id:eve\n/);
  expect(stdout).toMatch(/\nWould become one +because\nuser_id:ann0 +user_id:bob0 +a person has at most 1 user_id/);
  expect(stdout).toMatch(/\nWould come apart +because\n.* +a person has at most 1 phone/);
  expect(stdout).toMatch(/Nothing was written\. kenal identity rules switch .*other\.yaml --reason/);
  expect(stdout).toMatch(/\nnobody’s +[1-9]\d* identifiers of [1-9]\d* people would be nobody’s\n/);
  expect(stdout).toMatch(/\nWould be nobody’s\nanonymous_id:/);
  expect(stderr).toMatch(
    /^! 1 stored identifiers are blocked by these rules and not today \(user_id:bob1\)\. .* kenal identity rebuild .*\n$/,
  );
});

test.each([
  ['identity:\n  limits:\n    emial: 3\n', /line 3, identity\.limits\.emial: found 3; .*did you mean email\?/],
  [
    'identity: {}\ntraits: { city: { survivorship: oldest } }\n',
    /line 2, traits: .*rules of traits stand in kenal\.yaml/,
  ],
  ['identity:\n  blockedPatterns: ["("]\n', /identity\.blockedPatterns: `\(` is no regular expression/],
  [
    'identity: { limits: { email: -2 } }\n',
    /^kenal: \S+: line 1, identity\.limits\.email: found -2; wanted: [^\n]*\n$/,
  ],
  ['limits: { email: 3 }\n', /identity: it is missing; wanted: options: types, limits/],
])('a file that holds no rules fails with code 2 and says why: %j', async (text, says) => {
  const path = file('bad.yaml', text);
  for (const args of [
    ['try', path],
    ['switch', path, '--reason', 'r'],
  ])
    expect(await rules(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
});

test.each([
  [['try', OTHER, '--url', 'http://127.0.0.1:1'], 2, /not through --url; name the data directory with --data/],
  [['try', OTHER, '--data', '/nowhere'], 1, /there is no identity state in \/nowhere/],
  [['show', '--workspace', 'shop'], 2, /there is no workspace shop .*; there are dev/],
  [['try', 'nowhere.yaml'], 2, /there is no file nowhere\.yaml; it holds `identity:`/],
  [['switch', OTHER], 2, /--reason/],
])('%j fails with code %i and says what to do', async (args, code, says) => {
  expect(await rules(...args)).toMatchObject({ code, stderr: expect.stringMatching(says) });
});

test('after a stop the rules are read from its data, and a kenal.yaml that was changed since holds against a decision', async () => {
  await running.stop();
  const shop =
    'workspaces: [{ id: dev, sources: [{ id: web, keys: [{ key: env:NOT_SET }] }], identity: { limits: { email: 9 } } }]';
  const env = { KENAL_CONFIG: file('kenal.yaml', shop) };
  const { code, stdout } = await kenal(dataDir, ['identity', 'rules', 'show'], { env });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^# Workspace dev: .*kenal\.yaml holds\n# It was changed since, so this counts no more: ruleset/,
  );
  expect(stdout).toMatch(/\nidentity:\n {2}types: \[\]\n {2}limits: {"email":9}\n/);
});
