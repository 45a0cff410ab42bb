import { type Change, changeEnvelopeSchema, type Directive, envelopeOf, TOPICS } from '@kenal/contracts';
import { createTopicWriter } from '@kenal/event-log';
import { erasureHash } from '@kenal/service-kit';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCursor } from '../http/cursor.ts';
import { changeOf, contentOf, ERASURE_KEY, type FeedHost, KEYS, startFeedHost } from './testing/feed-host.ts';
import { follow } from './testing/sse-client.ts';

/** Small, so that who is a little behind reads the log. */
const RING = 50;
const CLIENTS = Number(process.env.KENAL_FEED_CLIENTS ?? 200);

let host: FeedHost;
beforeAll(async () => {
  host = await startFeedHost({ pollMs: 5, beatMs: 60, mostEntries: RING });
});
afterAll(() => host[Symbol.asyncDispose]());

const at = (query = ''): string => `${host.url}/v1/changes${query}`;
const ids = (changes: readonly { id: string }[]): string[] => changes.map(({ id }) => id).sort();
let people = 0;
/** A profile that no other test has. */
function somebody(): string {
  people += 1;
  return `p${people}`;
}

test('who follows gets the changes of their workspace as they come, whole', async () => {
  using client = await follow(at(), KEYS.shop);
  expect(client.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const [ann, bob, zoe] = [somebody(), somebody(), somebody()];
  const mine = [changeOf(ann, 1), changeOf(bob, 1), changeOf(ann, 2)];
  await host.append([mine[0]!, changeOf(zoe, 1, { workspace: 'bank' }), ...mine.slice(1)]);
  const seen = await client.changes(3);
  const order = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  expect(seen.toSorted(order)).toEqual(mine.map(envelopeOf).toSorted(order));
  for (const change of seen) changeEnvelopeSchema.parse(change);
});

test('a cursor goes on after just what it was given with; copies in the log are left out', async () => {
  const [ann, bob] = [somebody(), somebody()];
  using first = await follow(at(), KEYS.shop);
  const begun = [changeOf(ann, 1), changeOf(bob, 1), changeOf(ann, 2)];
  await host.append([...begun, ...begun]);
  expect(ids(await first.changes(3))).toEqual(ids(begun));
  const { lastId } = first;
  first[Symbol.dispose]();
  await host.append([changeOf(ann, 2), changeOf(ann, 3), changeOf(bob, 1), changeOf(bob, 2), changeOf(ann, 1)]);
  for (const where of [at(), at(`?after=${lastId}`), at('?after=nonsense')]) {
    using again = await follow(where, KEYS.shop, where === at(`?after=${lastId}`) ? '' : lastId);
    expect(ids(await again.changes(2))).toEqual([`${ann}:3`, `${bob}:2`]);
  }
  const quiet = await follow(at('?types=erased'), KEYS.shop, lastId);
  expect(await quiet.next()).toMatchObject({ event: 'position', data: '{}' });
  using after = await follow(at(), KEYS.shop, quiet.lastId);
  await host.append([changeOf(ann, 4)]);
  expect(ids(await after.changes(1))).toEqual([`${ann}:4`]);
  quiet[Symbol.dispose]();
});

test('from earliest, from a time, from now on', async () => {
  const [old, young, now] = [somebody(), somebody(), somebody()];
  await host.append([changeOf(old, 1)]);
  const between = new Date(Date.now() + 1).toISOString();
  await expect.poll(() => new Date().toISOString() > between, { interval: 1 }).toBe(true);
  await host.append([changeOf(young, 1)]);
  using earliest = await follow(at(`?from=earliest&profileIds=${old},${young}`), KEYS.shop);
  expect(ids(await earliest.changes(2))).toEqual(ids([changeOf(old, 1), changeOf(young, 1)]));
  using since = await follow(at(`?from=${between}`), KEYS.shop);
  expect(ids(await since.changes(1))).toEqual([`${young}:1`]);
  using latest = await follow(at('?from=latest'), KEYS.shop);
  await host.append([changeOf(now, 1)]);
  expect(ids(await latest.changes(1))).toEqual([`${now}:1`]);
});

test('filters hold together, and what is none is refused with those that there are', async () => {
  const [ann, bob] = [somebody(), somebody()];
  using client = await follow(at('?types=updated&types=merged&changed=traits.plan,computed.*'), KEYS.shop);
  await host.append([
    changeOf(ann, 1),
    changeOf(bob, 2, { changed: ['consent'] }),
    changeOf(ann, 2),
    changeOf(bob, 3, { changed: ['computed.tier'] }),
  ]);
  expect(ids(await client.changes(2))).toEqual(ids([changeOf(ann, 2), changeOf(bob, 3)]));
  const refused = async (query: string): Promise<string> =>
    ((await (await fetch(at(`${query}&key=${KEYS.shop}`))).json()) as { message: string }).message;
  expect(await refused('?type=created')).toContain('types');
  expect(await refused('?types=made')).toContain('must be one of created, updated, merged, split, erased');
  expect(await refused('?from=whenever')).toContain('latest, earliest, or a time');
  expect(await refused('?after=x')).toContain('not one that this endpoint gave');
});

test('a cursor that the topic has gone past, and one of another topic, are gone, and the answer says what to do', async () => {
  const { length: partitions } = await host.log.ranges(TOPICS.changes.name);
  const answer = await fetch(at(`?key=${KEYS.shop}`), {
    headers: { 'last-event-id': writeCursor(Array.from({ length: partitions }, () => 9_000_000)) },
  });
  expect(answer.status).toBe(410);
  expect(await answer.json()).toMatchObject({ code: 'cursor_gone', detail: expect.stringContaining('from=latest') });
});

test('a key sees its fields only, in filters too, and one without the verb nothing', async () => {
  const ann = somebody();
  using client = await follow(at(`?changed=traits.plan&profileIds=${ann}`), KEYS.narrow);
  using none = await follow(at(`?changed=traits.secret&profileIds=${ann}`), KEYS.narrow);
  await host.append([changeOf(ann, 1, { changed: ['traits.plan', 'traits.secret', 'identifiers', 'consent'] })]);
  expect((await client.changes(1))[0]).toMatchObject({
    after: { traits: { plan: 'plan 1' }, identifiers: [{ type: 'user_id', value: ann }], identifierCount: 1 },
    changed: ['traits.plan', 'identifiers'],
  });
  expect(await none.next()).toMatchObject({ event: 'position' });
  for (const [key, status] of [
    [KEYS.deaf, 403],
    ['nobody', 401],
  ] as const)
    expect((await fetch(at(`?key=${key}`))).status).toBe(status);
});

test('what was told of the erased is told no more; that they are gone is', async () => {
  const [gone, other, back] = [somebody(), somebody(), somebody()];
  const erasedAt = Date.now() * 1_000;
  const directives = createTopicWriter<Directive>(host.log, 'directives');
  const directive = {
    ...{ id: 'd', workspace: 'shop', issuedAt: erasedAt, actor: 'eve', reason: 'r', kind: 'erase', pairs: [] },
    ...{ source: null, profileId: gone, consent: null, document: null, base: null, model: null },
    erased: [erasureHash(ERASURE_KEY, `user_id:${gone}`), erasureHash(ERASURE_KEY, `email:${gone}@x.example`)],
  } as Directive;
  const when = (version: number): Partial<Change> => ({ occurredAt: erasedAt - 10 + version });
  const nobody: Partial<Change> = {
    type: 'erased',
    after: null,
    changed: [],
    cause: { messageId: 'd', source: '', rule: 'erase' },
  };
  using live = await follow(at(`?profileIds=${gone},${other},${back}`), KEYS.shop);
  await host.append([
    changeOf(gone, 1, when(1)),
    changeOf(gone, 2, when(2)),
    // Was part of the erased one, and is named by it
    changeOf(other, 3, { ...when(3), type: 'merged', before: contentOf(gone, 1), after: null, mergedInto: gone }),
    changeOf(gone, 14, { ...when(14), previousVersion: erasedAt - 9, released: [] }), // a round had it in hand
    changeOf(other, 4, { ...when(4), released: [`email:${gone}@x.example`] }),
    changeOf(gone, 20, { ...when(20), ...nobody, released: [`user_id:${gone}`] }),
    changeOf(back, 30, { ...when(30), previousVersion: 0, after: contentOf(gone, 30) }), // and comes again
  ]);
  expect(await live.changes(7)).toHaveLength(7);
  await directives.append([{ key: 'shop', value: directive }]);
  using later = await follow(at(`?from=earliest&profileIds=${gone},${other},${back}`), KEYS.shop);
  const seen = await later.changes(4);
  expect(ids(seen)).toEqual(ids([changeOf(gone, 20), changeOf(other, 3), changeOf(other, 4), changeOf(back, 30)]));
  const [merged] = seen.filter(({ profileId }) => profileId === other);
  expect(merged).toMatchObject({ type: 'merged', mergedInto: gone, before: null, released: [] });
  for (const change of seen)
    if (change.profileId !== back) expect(JSON.stringify(change)).not.toContain(`${gone}@x.example`);
});

test('browsers of other origins may follow, and lines of JSON are there for who wants them', async () => {
  const ann = somebody();
  const preflight = await fetch(at(), {
    method: 'OPTIONS',
    headers: { 'access-control-request-headers': 'authorization' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
  for (const refused of [at(), at(`?key=${KEYS.shop}&typ=x`)])
    expect((await fetch(refused)).headers.get('access-control-allow-origin')).toBe('*');
  const gone = new AbortController();
  const lines = await fetch(at(`?key=${KEYS.shop}`), {
    headers: { accept: 'application/x-ndjson' },
    signal: gone.signal,
  });
  expect(lines.headers.get('access-control-allow-origin')).toBe('*');
  expect(lines.headers.get('content-type')).toContain('application/x-ndjson');
  await host.append([changeOf(ann, 1)]);
  let text = '';
  for await (const chunk of lines.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes(ann) && text.endsWith('\n')) break;
  }
  const line = text.split('\n').find((one) => one.includes(ann))!;
  const { cursor, ...change } = JSON.parse(line);
  expect(change).toEqual(envelopeOf(changeOf(ann, 1)));
  using after = await follow(at(), KEYS.shop, cursor);
  await host.append([changeOf(ann, 2)]);
  expect(ids(await after.changes(1))).toEqual([`${ann}:2`]);
});

test('eventsource of npm follows, and goes on by itself after the service has stopped and come back', async () => {
  const ann = somebody();
  const source = new EventSource(at(`?key=${KEYS.shop}&profileIds=${ann}`));
  const seen: string[] = [];
  source.onmessage = ({ data }) => seen.push(JSON.parse(data).id);
  await expect.poll(() => source.readyState, { timeout: 10_000 }).toBe(EventSource.OPEN);
  await host.append([changeOf(ann, 1)]);
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual([`${ann}:1`]);
  await host.restart();
  await host.append([changeOf(ann, 2), changeOf(ann, 3)]);
  await expect.poll(() => seen, { timeout: 15_000 }).toEqual([`${ann}:1`, `${ann}:2`, `${ann}:3`]);
  source.close();
});

test(`${CLIENTS} follow at once, and one who takes nothing for long hurts nobody and misses nothing`, {
  timeout: 300_000,
}, async () => {
  const known = Array.from({ length: 10 }, somebody);
  const others = Array.from({ length: 10 }, somebody);
  const large = (id: string, version: number): Change => {
    const traits = JSON.stringify({ text: 'x'.repeat(300_000) });
    return changeOf(id, version, { after: { ...contentOf(id, version), traits } });
  };
  using deaf = await follow(at(`?profileIds=${[...known, ...others].join(',')}`), KEYS.shop);
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => follow(at(`?profileIds=${known.join(',')}`), KEYS.shop)),
  );
  expect(await host.metrics()).toMatch(new RegExp(`kenal_change_streams ${CLIENTS + 1}\\n`));
  const versions = [1, 2, 3, 4, 5];
  const taking = Promise.all(clients.map((client) => client.changes(known.length * versions.length)));
  // Far more than one may leave lying and the system takes for them, and more changes than the ring holds
  for (const version of versions)
    await host.append([
      ...known.map((id) => changeOf(id, version)),
      ...others.map((id) => large(id, version)),
      ...Array.from({ length: RING }, () => changeOf(somebody(), 1)),
    ]);
  const versionsIn = (seen: readonly { profileId: string; version: number }[], id: string): number[] =>
    seen.filter(({ profileId }) => profileId === id).map(({ version }) => version);
  for (const seen of await taking) for (const id of known) expect(versionsIn(seen, id)).toEqual(versions);
  expect(host.mostPending()).toBeLessThan(1_000_000);
  const late = await deaf.changes((known.length + others.length) * versions.length);
  for (const id of [...known, ...others]) expect(versionsIn(late, id)).toEqual(versions);
  for (const client of [deaf, ...clients]) client[Symbol.dispose]();
  await expect.poll(() => host.metrics(), { timeout: 10_000 }).toMatch(/kenal_change_streams 0\n/);
});

test('changes as large as records can be are followed from the beginning, by several at once', async () => {
  await using own = await startFeedHost({ mostEntries: 3 });
  const ann = somebody();
  const traits = JSON.stringify({ text: 'x'.repeat(900_000) });
  const versions = Array.from({ length: 15 }, (_, i) => i + 1);
  for (const version of versions)
    await own.append([changeOf(ann, version, { after: { ...contentOf(ann, 1), traits } })]);
  const readers = Array.from({ length: 3 }, () => follow(`${own.url}/v1/changes?from=earliest`, KEYS.shop));
  for (const reader of await Promise.all(readers)) {
    using client = reader;
    expect((await client.changes(15)).map(({ version }) => version)).toEqual(versions);
  }
});

test('a key, and a process, has so many streams and no more', async () => {
  await using small = await startFeedHost({ mostStreams: 3 }, 2);
  const url = `${small.url}/v1/changes`;
  using one = await follow(url, KEYS.shop);
  using _two = await follow(url, KEYS.shop);
  const refused = await fetch(`${url}?key=${KEYS.shop}`);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'too_many_streams' });
  using _bank = await follow(url, KEYS.bank);
  one[Symbol.dispose]();
  await expect.poll(() => small.metrics()).toMatch(/kenal_change_streams 2\n/);
  using _again = await follow(url, KEYS.shop);
  expect((await fetch(`${url}?key=${KEYS.bank}`)).status).toBe(429);
});

test('whoever is cut off anywhere and comes back with what they saw last has all of it once, in order', {
  timeout: 120_000,
}, async () => {
  await using own = await startFeedHost({ pollMs: 1, mostEntries: 20 });
  const url = `${own.url}/v1/changes?from=earliest`;
  const written: string[] = [];
  const writing = (async () => {
    // A relay sends in order, and again from somewhere before where it died
    const outbox = Array.from({ length: 3_000 }, (_, i) => changeOf(`p${(i * 7) % 40}`, 1 + Math.floor(i / 40)));
    for (let sent = 0; sent < outbox.length; ) {
      const again = Math.random() < 0.2 ? Math.floor(Math.random() * Math.min(sent, 200)) : 0;
      const end = sent + Math.ceil(Math.random() * 60);
      await own.append(outbox.slice(sent - again, end));
      sent = end;
    }
    written.push(...outbox.map(({ id }) => id));
  })();
  const last = new Map<string, number>();
  let [lastId, seen] = ['', 0];
  while (written.length === 0 || seen < written.length) {
    using client = await follow(url, KEYS.shop, lastId);
    for (
      let left = Math.ceil(Math.random() * 150);
      left > 0 && (written.length === 0 || seen < written.length);
      left -= 1
    ) {
      const [change] = await client.changes(1);
      const { profileId, version, previousVersion } = change!;
      expect(previousVersion, `${profileId}:${version}`).toBe(last.get(profileId) ?? 0);
      last.set(profileId, version);
      lastId = client.lastId;
      seen += 1;
    }
  }
  await writing;
  expect(seen).toBe(written.length);
});
