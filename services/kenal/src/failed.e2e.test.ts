import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { readEndpoints } from './client/endpoints.ts';
import { kenalHere, type Outcome, type RunningKenal, up } from './testing/cli.ts';

const dataDir = await migratedDirectory();
let running: RunningKenal;
beforeAll(async () => {
  running = await up(dataDir);
});
afterAll(async () => void (await running?.stop()));

const kenal = async (...args: readonly string[]): Promise<Outcome> => kenalHere(dataDir, args);
const json = async (...args: readonly string[]) => JSON.parse((await kenal(...args, '--json')).stdout);
const sql = async (question: string): Promise<string> => (await kenal('sql', question)).stdout.trim();

async function send(path: string, body: object): Promise<number> {
  const { url, writeKey } = readEndpoints(dataDir)!;
  const headers = { 'x-write-key': writeKey };
  return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

async function settle(): Promise<void> {
  const { url, writeKey } = readEndpoints(dataDir)!;
  await fetch(`${url}/v1/settled?wait=60`, { headers: { 'x-write-key': writeKey } });
}

test('what was refused is repaired, sent again in its order, once, and nobody who was erased comes back', async () => {
  // Two steps of one person, both refused, and one of a person who is erased before anybody repairs them
  expect(await send('/v1/track', { event: 'First', userId: 'ann', messageId: 'a1', timestamp: 'soon' })).toBe(400);
  expect(await send('/v1/track', { event: 'Second', userId: 'ann', messageId: 'a2', timestamp: 'later' })).toBe(400);
  expect(await send('/v1/track', { event: 'Third', userId: 'bob', messageId: 'b1', context: { traits: 7 } })).toBe(400);
  expect(await send('/v1/identify', { userId: 'bob', messageId: 'b0', traits: { name: 'Bob' } })).toBe(200);
  await settle();

  const reasons = await json('failed', 'ls', '--by', 'reason');
  expect(reasons.map(({ code, path, events }: Record<string, string>) => [code, path, Number(events)])).toEqual([
    ['event_bad_time', '$.timestamp', 2],
    ['event_bad_field', '$.context.traits', 1],
  ]);
  expect((await kenal('failed', 'ls', '--by', 'reason')).stdout).toMatch(/^open .*\n +2 +web +event_bad_time/);
  const failed: Record<string, string>[] = await json('failed', 'ls');
  const idOf = (message: string): string => failed.find(({ message_id }) => message_id === message)?.failure_id ?? '';
  // One is told by the beginning of its id, and its event by the id beside it
  expect((await kenal('failed', 'ls')).stdout).toMatch(new RegExp(`^${idOf('a1')} .* a1 +open`, 'm'));
  expect((await kenal('failed', 'show', idOf('a1').slice(0, 8))).stdout).toMatch(
    /event_bad_time[\s\S]*"timestamp": "soon"/,
  );

  const dry = await kenal('failed', 'replay', '--source', 'web', '--dry-run');
  expect([dry.code, dry.stdout.split('\n')]).toEqual([
    1,
    [
      'Of 3: 0 would get in, 3 would still be refused.',
      expect.stringMatching(/^ {2}2 × event_bad_time {2}\$\.timestamp {2}/),
      expect.stringMatching(/^ {2}1 × event_bad_field {2}\$\.context\.traits {2}/),
      '',
    ],
  ]);
  expect(dry.stderr).not.toContain('kenal:');
  const wrong = await kenal('failed', 'fix', idOf('a1'), '--set', '$.timestamp=never', '--dry-run');
  expect([wrong.code, wrong.stdout]).toEqual([1, expect.stringMatching(/still refused: .*timestamp/)]);
  // The later one is repaired first: it is sent second all the same
  for (const [message, at] of [
    ['a2', '2026-01-02T00:00:00Z'],
    ['a1', '2026-01-01T00:00:00Z'],
  ] as const)
    expect((await kenal('failed', 'fix', idOf(message), '--set', `$.timestamp=${at}`)).stdout).toMatch(/is fixed/);
  expect((await kenal('failed', 'fix', idOf('b1'), '--set', '$.context=')).stdout).toMatch(/is fixed/);
  const kept = await json('failed', 'show', idOf('b1'));
  expect((await kenal('identity', 'erase', 'user_id:bob', '--reason', 'request', '--wait', '--yes')).code).toBe(0);
  await settle();

  for (let times = 0; times < 2; times++) {
    const again = await kenal('failed', 'replay', idOf('a1'), idOf('a2'), '--note', 'clock of the till');
    expect([again.code, again.stdout]).toEqual([0, 'Of 2: 2 sent again, 0 still refused.\n']);
  }
  await settle();
  expect(
    await sql("SELECT name, occurred_at FROM interactions WHERE user_id = 'ann' ORDER BY log_offset FORMAT TSV"),
  ).toBe('First\t2026-01-01 00:00:00.000000\nSecond\t2026-01-02 00:00:00.000000');
  expect(await sql("SELECT state, note FROM failed_events WHERE message_id LIKE 'a%' FORMAT TSV")).toBe(
    'replayed\tclock of the till\nreplayed\tclock of the till',
  );
  // Of Bob nothing is left that could be sent again, by whatever way
  expect((await kenal('failed', 'replay', idOf('b1'))).stderr).toMatch(
    /no failed event .* \(erased people’s are gone\)/,
  );
  const { url, stewardKey } = readEndpoints(dataDir)!;
  const receivedAt = `${kept.received_at.replace(' ', 'T')}Z`;
  const body = Buffer.from(kept.body).toString('base64');
  const saved = await fetch(`${url}/v1/hooks/web/dev/web/failed/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stewardKey}` },
    body: JSON.stringify({ failureId: kept.failure_id, receivedAt, body, frame: kept.frame }),
  });
  expect(await saved.json()).toEqual({ state: 'replayed', accepted: 1, rejected: [] });
  await settle();
  expect(await sql("SELECT count() FROM interactions WHERE user_id = 'bob' FORMAT TSV")).toBe('0');
  const erased = "SELECT code, length(message_id) FROM failed_events WHERE state = 'erased' FORMAT TSV";
  expect(await sql(erased)).toBe('event_erased\t0');
  expect((await kenal('failed', 'ls')).stdout).not.toContain('event_erased');
  expect(await sql('SELECT sum(difference) FROM balance FORMAT TSV')).toBe('0');
});

test('the sources and what vendors delivered are told, and a wrong name says what there is', async () => {
  const sources: Record<string, string>[] = await json('sources', 'ls');
  expect(sources.find(({ id }) => id === 'web')).toMatchObject({ kind: 'web', collector: 'collector-web' });
  const missing = await kenal('sources', 'deliveries', 'nowhere');
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringMatching(/no source nowhere; there are .*web/)]);
  expect((await kenal('failed', 'replay')).code).toBe(2);
  expect(await kenal('failed', 'show', 'abc')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/first 4 letters/),
  });
  const { url } = readEndpoints(dataDir)!;
  const shown = (await kenal('sources', 'ls')).stdout;
  expect(shown).toMatch(new RegExp(`^web +web +web +on +this machine +${url} +the tracking API`, 'm'));
  expect(shown).toMatch(/^import +import +commerce +on +kenal import FILE --map MAP --source import$/m);
  expect(shown).toMatch(/set KENAL_PUBLIC_URL/);
  const nobody = await kenal('sources', 'deliveries', 'web');
  expect([nobody.code, nobody.stderr]).toEqual([
    2,
    expect.stringMatching(/nobody delivers to web, it is of kind web: .*tracking API.*kenal failed ls --source web/),
  ]);
  expect((await kenal('failed', 'show', join('no', 'such'))).stderr).toMatch(/no failed event no\/such/);
});

test('an event without an id that is repaired twice, in two ways, is one event', async () => {
  expect(await send('/v1/track', { event: 'Nameless', userId: 'ned', timestamp: 'soon' })).toBe(400);
  await settle();
  const { failure_id: id } = (await json('failed', 'ls')).at(-1);
  for (const set of ['$.timestamp=2026-01-01T00:00:00Z', '$.properties.n=77']) {
    expect((await kenal('failed', 'fix', id, '--set', set)).stdout).toMatch(/is fixed; now: kenal failed replay/);
    expect((await kenal('failed', 'replay', id)).stdout).toMatch(/^Of 1: 1 sent again/);
  }
  await settle();
  expect(await sql("SELECT count(), uniqExact(message_id) FROM interactions WHERE user_id = 'ned' FORMAT TSV")).toBe(
    '1\t1',
  );
});

test('an event is traced from its receipt to the change that it caused, by records and in the order of their times', async () => {
  const event = { messageId: 'trace/1', traits: { email: 'eve@example.com' }, userId: 'eve' };
  for (let copies = 0; copies < 2; copies++) expect(await send('/v1/identify', event)).toBe(200);
  await settle();
  const { traces } = await json('trace', 'trace/1');
  expect(traces).toMatchObject([{ source: 'web', state: 'stored', failures: [], copies: [{}, {}] }]);
  const [{ stages }] = traces;
  // What is behind, storing and publishing, goes on side by side
  const at = stages.slice(0, 4).map((stage: { at: string }) => stage.at);
  for (const { at: later } of stages.slice(4)) expect(later >= at[3]).toBe(true);
  expect(at).toEqual([...at].sort());
  const profile = await json('profile', 'user_id:eve');
  expect(stages).toMatchObject([
    { stage: 'received', sequence: expect.any(Number) },
    { stage: 'validated', type: 'identify' },
    { stage: 'logged', topic: 'kenal.interactions.v1', offset: expect.any(Number) },
    { stage: 'resolved', owner: 'user_id:eve', profileId: profile.id, moved: [{ to: profile.id }, { to: profile.id }] },
    { stage: 'stored' },
    { stage: 'delivered', topic: 'kenal.profile.changes.v1', changeType: 'created', profileId: profile.id },
  ]);
  expect((await kenal('trace', 'trace/1')).stdout).toMatch(
    /^trace\/1 of web: stored, 2 copies received\n {2}received /,
  );
  expect((await json('trace', 'a1')).traces[0].failures).toMatchObject([{ code: 'event_bad_time', state: 'replayed' }]);
  const missing = await kenal('trace', 'never-sent');
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/no event never-sent is stored/)]);
});
