import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PersonTruth } from '../gen/index.ts';
import { kenal, temporaryDirectory, until, up } from '../testing/cli.ts';
import { QUESTIONS } from '../up/banner.ts';

test('the demo is there when it says ready, its people are found again, its questions have answers, and it goes on once', async () => {
  const dataDir = temporaryDirectory();
  const ask = async (sql: string): Promise<string[][]> => {
    const { stdout, stderr } = await kenal(dataDir, ['sql', sql, '-f', 'tsv']);
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
  };
  // Ids of the stream have the time of their start after a dot
  const history = "SELECT count() FROM interactions WHERE match(message_id, '^g[a-z0-9]+-')";
  const first = await up(dataDir, { KENAL_DEMO: 'on' });
  for (const [, sql] of QUESTIONS) expect((await ask(sql)).length).toBeGreaterThan(2);

  const owners = new Map(
    (await ask("SELECT concat(type, ':', value), profile_id FROM profile_identifiers")).map(([key = '', id = '']) => [
      key,
      id,
    ]),
  );
  const people = readFileSync(join(dataDir, 'demo-truth.ndjson'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PersonTruth)
    .filter(({ identifiers }) => identifiers.length > 0); // else only ever seen on somebody else's tablet
  expect(people.length).toBeGreaterThan(400);
  const holders = new Map<string, string>();
  for (const { person, identifiers } of people) {
    const profiles = new Set(identifiers.map((key) => owners.get(key)));
    expect([person, profiles.size]).toEqual([person, 1]);
    const [profile = ''] = profiles;
    expect(holders.get(profile ?? '')).toBeUndefined(); // nobody shares a profile
    holders.set(profile ?? '', person);
  }

  const before = Number((await ask('SELECT count() FROM interactions'))[0]?.[0]);
  await until('the stream', async () =>
    Number((await ask('SELECT count() FROM interactions'))[0]?.[0]) > before ? true : null,
  );
  expect(await first.stop()).toBe(0);

  const second = await up(dataDir, { KENAL_DEMO: 'on' });
  expect(await ask(history)).toEqual([['15000']]);
  expect(second.stderr()).not.toContain('interactions of the demo in');
  expect(await second.stop()).toBe(0);
});
