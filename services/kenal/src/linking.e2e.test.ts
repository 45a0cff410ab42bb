import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import type { PassShown } from './client/linking.ts';
import type { MartShown } from './client/marts.ts';
import type { ReviewDetail, ReviewShown } from './client/reviews.ts';
import { records } from './gen/records/testing.ts';
import { kenal, kenalHere, type Outcome, type RunningKenal, until, up } from './testing/cli.ts';

const dataDir = await migratedDirectory();
const RECORDS = 100;
let running: RunningKenal;

const identity = (...args: readonly string[]): Promise<Outcome> => kenalHere(dataDir, ['identity', ...args]);
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { code, stdout, stderr } = await identity(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
};
const queue = async (state: string): Promise<readonly ReviewShown[]> =>
  (await json<{ reviews: ReviewShown[] }>('reviews', 'ls', '--state', state)).reviews;

beforeAll(async () => {
  running = await up(dataDir);
  const events = records({ records: RECORDS, cultures: { anglo: 1 } }).map(({ facts }, i) => {
    const { email: _mail, phone: _phone, full_name: _name, national_id: _id, ...rest } = facts;
    return {
      type: 'identify',
      anonymousId: `r${i}`,
      traits: Object.fromEntries(Object.entries(rest).filter(([, v]) => v)),
    };
  });
  await kenal(dataDir, ['send'], { input: events.map((event) => JSON.stringify(event)).join('\n') });
  await until('the records', async () => {
    const { stdout } = await kenalHere(dataDir, ['sql', 'SELECT count() FROM interactions', '-f', 'tsv']);
    return stdout === `${RECORDS}\n` ? true : null;
  });
});
afterAll(async () => void (await running?.stop()));

test('link is asked for and told of, and a second time finds nothing new', async () => {
  const first = await identity('link', '--wait');
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(
    /^records +100\nmodel +[0-9a-f]{16}, learnt now\nlikely pairs +\d+\njoined now +\d+ pairs\nto be decided +\d+ new pairs/,
  );
  const second = await json<PassShown>('link', '--wait');
  expect(second).toMatchObject({ state: 'done', learnt: false, links: 0, suggestions: 0, withdrawn: 0 });
  const asked = await identity('link');
  expect(asked.stdout).toMatch(/^Pass \d+ is asked for; --wait waits for it\.\n$/);
  const { stdout } = await kenalHere(dataDir, ['sql', 'SELECT max(links) > 10 FROM linkage_runs', '-f', 'tsv']);
  expect(stdout).toBe('1\n');
});

test('the queue is listed, shown and decided', async () => {
  const open = await queue('open');
  expect(open.length).toBeGreaterThan(3);
  const [yes, no] = open;
  const shown = await identity('reviews', 'show', yes!.id);
  expect(shown.stdout).toMatch(/^pair +[0-9a-f]{32}, open\none person +\d+\.\d%\n\n/);
  expect(shown.stdout).toMatch(/\n +-?\d+\.\d {2}Family name .* bits for (one person|two people) \(/);
  expect(shown.stdout).toMatch(/\nNot joined without asking because .+\.\n$/);
  const detail = await json<ReviewDetail>('reviews', 'show', yes!.id);
  expect(detail.records.map(({ field }) => field)).toEqual(expect.arrayContaining(['family_name', 'city']));
  const between = await identity('explain', yes!.a.identifier, yes!.b.identifier);
  expect(between.stdout).toMatch(
    new RegExp(`likely that they are one person; kenal identity reviews show ${yes!.id}\n$`),
  );
  const accepted = await identity('reviews', 'accept', yes!.id, '--reason', 'seen together', '--actor', 'Eve');
  expect([accepted.code, accepted.stdout]).toEqual([0, expect.stringMatching(/accepted\. It takes effect within/)]);
  await json('reviews', 'reject', no!.id, '--reason', 'two sisters');
  await until('the decisions', async () => {
    const decided = [await queue('accepted'), await queue('rejected')].map(([one]) => one?.id);
    return decided[0] === yes!.id && decided[1] === no!.id ? true : null;
  });
  const again = await identity('reviews', 'accept', no!.id, '--reason', 'one after all');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(`; kenal identity clear ${no!.a.identifier} ${no!.b.identifier} takes that back`);
  const listed = await identity('reviews', 'ls', '--state', 'accepted');
  expect(listed.stdout.trim().split('\n')[1]).toMatch(new RegExp(`^${yes!.id} +\\d+\\.\\d% .* accepted$`));
});

test('marts are listed, and what is no mart is not refreshed', async () => {
  const listed = await kenalHere(dataDir, ['mart', 'ls']);
  expect(listed.stdout).toMatch(/^rfm +current +- .* one row a customer and currency: recency/m);
  const refreshed = await kenalHere(dataDir, ['mart', 'refresh', 'customer_day', '--full', '--wait']);
  expect([refreshed.code, refreshed.stdout]).toEqual([0, expect.stringMatching(/^customer_day +done +0 +\d/m)]);
  // Its schedule may just now run it again
  const days = await until('a refresh that is over', async () => {
    const { stdout } = await kenalHere(dataDir, ['mart', 'ls', '--json']);
    const { marts } = JSON.parse(stdout) as { marts: MartShown[] };
    const found = marts.find(({ name }) => name === 'customer_day');
    return found?.state === 'done' ? found : null;
  });
  expect(days).toMatchObject({ kind: 'stored', rows: 0, error: null });
  expect(Date.parse(days.next!) - Date.now()).toBeLessThanOrEqual(300_000);
  const view = await kenalHere(dataDir, ['mart', 'refresh', 'rfm']);
  expect([view.code, view.stderr]).toEqual([0, expect.stringMatching(/^rfm is a view and never behind/)]);
  const wrong = await kenalHere(dataDir, ['mart', 'refresh', 'rmf']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/no mart rmf; there are .*cohorts, /)]);
  const fits = await kenalHere(dataDir, ['model', 'show']);
  expect([fits.code, fits.stderr]).toEqual([2, expect.stringContaining('kenal mart refresh models products --wait')]);
});

test.each([
  [['reviews', 'accept', 'nonsense'], 2, /--reason/],
  [['reviews', 'accept', 'nonsense', '--reason', 'r'], 2, /nonsense names no pair; it has 32 hexadecimal digits, as/],
  [['reviews', 'show', '0'.repeat(32)], 1, /no pair 0+ is in the review queue/],
  [['reviews', 'ls', '--state', 'lost'], 2, /must be one of open, accepted, rejected, obsolete, all, not lost/],
  [['link', '--key', 'nope'], 1, /key/],
])('%j fails with code %i and says what is wrong', async (args, code, says) => {
  const outcome = await identity(...args);
  expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringMatching(says)]);
});

test('the job runner is one of those that /readyz and /metrics tell of', async () => {
  const ready = await (await fetch(`${running.endpoints.url}/readyz?verbose`)).text();
  expect(ready).toMatch(/job-runner.*ok/);
  const metrics = await (await fetch(`${running.endpoints.url}/metrics`)).text();
  expect(metrics).toMatch(/^kenal_linkage_passes_total\{outcome="done"\} [1-3]$/m);
  expect(metrics).toMatch(/^kenal_linkage_links_total\{by="pass"\} \d+$/m);
});
