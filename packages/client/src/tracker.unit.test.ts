import { expect, onTestFinished, test, vi } from 'vitest';
import { holdClock } from './testing/clock.ts';
import { type Answer, accepted, codeOf, json, later, problem, startServer } from './testing/server.ts';

test('a batch that is refused for now is sent again, the same events in the same order', async () => {
  const bodies: unknown[] = [];
  const keeping = (answer: Answer): Answer => {
    return (reply, body, request) => {
      bodies.push(body.batch);
      answer(reply, body, request);
    };
  };
  const cut: Answer = (reply) => void reply.destroy();
  const { open, lost } = await startServer(...[cut, later, accepted].map(keeping));
  const kenal = open();
  const sent = [kenal.track({ event: 'A', userId: 'u' }), kenal.page({ userId: 'u', messageId: 'mine' })];
  await kenal.flush();
  expect(await sent[1]).toEqual({ messageId: 'mine', position: '0-7' });
  expect(bodies).toHaveLength(3);
  expect(bodies[0]).toMatchObject([
    { type: 'track', event: 'A' },
    { type: 'page', messageId: 'mine' },
  ]);
  expect(bodies[1]).toEqual(bodies[0]);
  expect(bodies[2]).toEqual(bodies[0]);
  expect(lost).toEqual([]);
});

test('nothing is lost silently: what is refused, alone or with its batch, is handed to onError and to who waits', async () => {
  const rejected = [{ index: 1, messageId: 'b', code: 'event_bad_type', path: '$.type', reason: 'unknown' }];
  const partly = json(200, { success: true, accepted: 1, rejected });
  const { open, lost, seen } = await startServer(partly, problem(401, 'unknown_key'));
  const kenal = open();
  const event = (messageId: string) => ({ event: 'A', userId: 'u', messageId });
  expect(await Promise.all([codeOf(kenal.track(event('a'))), codeOf(kenal.track(event('b')))])).toEqual([
    ...['fine', 'event_bad_type'],
  ]);
  void kenal.track(event('c')); // nobody looks: no unhandled rejection either
  await kenal.close();
  expect(await codeOf(kenal.track(event('d')))).toBe('closed');
  expect(lost).toEqual([
    ['event_bad_type', 'b'],
    ['unknown_key', 'c'],
    ['closed', 'd'],
  ]);
  expect(seen).toHaveLength(2);
});

test('it gives up after its retries, takes no more than may wait, and says both', async () => {
  const { open, lost, seen } = await startServer(later);
  const kenal = open({ retries: 1, maxQueueSize: 2, flushAt: 50 });
  const all = ['a', 'b', 'c'].map((messageId) => kenal.track({ event: 'A', userId: 'u', messageId }));
  expect(await Promise.all(all.map(codeOf))).toEqual(['unavailable', 'unavailable', 'queue_full']);
  expect(lost.map(([code]) => code)).toEqual(['queue_full', 'unavailable', 'unavailable']);
  expect(seen).toHaveLength(2);
  const nobody = open({ url: 'http://127.0.0.1:1', retries: 0 });
  expect(await codeOf(nobody.profiles.get('user_id:u'))).toBe('unreachable');
});

test('a batch holds flushAt events, goes when they are there, and one at a time', async () => {
  const sizes: number[] = [];
  let open1 = 0;
  let most = 0;
  const slow: Answer = (reply, { batch }, request) => {
    sizes.push(batch.length);
    most = Math.max(most, ++open1);
    setTimeout(() => {
      open1 -= 1;
      accepted(reply, { batch }, request);
    }, 5);
  };
  const { open } = await startServer(slow);
  const kenal = open({ flushAt: 10, flushInterval: 60_000 });
  await Promise.all(Array.from({ length: 40 }, () => kenal.track({ event: 'A', userId: 'u' })));
  expect([sizes, most]).toEqual([[10, 10, 10, 10], 1]);
});

test('what is said at any moment before close is sent when it has closed', async () => {
  const got: string[] = [];
  const keeping: Answer = (reply, body, request) => {
    got.push(...body.batch.map(({ messageId }) => messageId));
    accepted(reply, body, request);
  };
  const { open } = await startServer(keeping);
  const moments = Array.from({ length: 8 }, (_, moment) => moment);
  for (const moment of moments) {
    const kenal = open({ flushAt: 1 });
    await kenal.track({ event: 'A', userId: 'u', messageId: `${moment} first` });
    for (let passed = 0; passed < moment; passed += 1) await null;
    void kenal.track({ event: 'A', userId: 'u', messageId: `${moment} second` });
    await kenal.close();
  }
  expect(got).toEqual(moments.flatMap((moment) => [`${moment} first`, `${moment} second`]));
});

test('an onError that fails, at once or later, keeps nobody from being told, and ends no program', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => said.mockRestore());
  const rejected = [{ index: 0, messageId: 'a', code: 'event_bad_type', path: '$.type', reason: 'unknown' }];
  const { open } = await startServer(
    json(200, { success: true, accepted: 2, rejected }),
    json(200, { success: true, accepted: 2, rejected }),
    problem(401, 'unknown_key'),
  );
  const told: unknown[] = [];
  const failing = (_error: unknown, { messageId }: { messageId?: unknown }) => {
    told.push(messageId);
    throw new Error('no disk');
  };
  const failingLater = async (error: unknown, event: object) => failing(error, event);
  for (const onError of [failing, failingLater]) {
    const kenal = open({ onError });
    const all = ['a', 'b', 'c'].map((messageId) => kenal.track({ event: 'A', userId: 'u', messageId }));
    expect(await Promise.all(all.map(codeOf))).toEqual(['event_bad_type', 'fine', 'fine']);
  }
  const refused = open({ onError: failing });
  const both = ['d', 'e'].map((messageId) => refused.track({ event: 'A', userId: 'u', messageId }));
  expect(await Promise.all(both.map(codeOf))).toEqual(['unknown_key', 'unknown_key']);
  expect(told).toEqual(['a', 'a', 'd', 'e']);
  expect(said).toHaveBeenCalledTimes(4);
  expect(said).toHaveBeenLastCalledWith(
    'kenal: onError failed for event e:',
    expect.objectContaining({ message: 'no disk' }),
  );
});

test('an event that cannot be sent at all is reported as any other that is lost', async () => {
  const { open, lost, seen } = await startServer(accepted);
  const kenal = open();
  void kenal.track({ event: 'A', userId: 'u', messageId: 'big', properties: { total: 10n } });
  void open({ writeKey: undefined }).track({ event: 'A', userId: 'u', messageId: 'keyless' });
  await kenal.close();
  expect(lost).toEqual([
    ['bad_usage', 'big'],
    ['bad_usage', 'keyless'],
  ]);
  expect(seen).toEqual([]);
  const other = await startServer(json(200, ['somebody else lives here']));
  expect(await codeOf(other.open().track({ event: 'A', userId: 'u' }))).toBe('unreachable');
});

test('an event is sent as it was when it was said', async () => {
  const bodies: unknown[] = [];
  const { open } = await startServer((reply, body, request) => {
    bodies.push(...body.batch);
    accepted(reply, body, request);
  });
  const kenal = open();
  const properties = { step: 1 };
  void kenal.track({ event: 'A', userId: 'u', properties });
  properties.step = 2;
  await kenal.close();
  expect(bodies).toMatchObject([{ properties: { step: 1 } }]);
});

test('only events that browsers take for a page that is gone, by their bytes, are sent so, and once', async () => {
  const { open } = await startServer((reply) => reply.destroy(), accepted);
  const asked: unknown[] = [];
  const kenal = open({
    fetch: (url, init) => {
      asked.push([new URL(String(url)).pathname, init?.keepalive]);
      return fetch(url, init);
    },
  });
  for (const text of ['first', 'я'.repeat(40_000), 'y'.repeat(40_000)])
    await kenal.track({ event: 'A', userId: 'u', properties: { text } });
  await kenal.profiles.batch(['user_id:u']).catch(() => undefined);
  expect(asked).toEqual([
    ['/v1/batch', true],
    ['/v1/batch', false],
    ['/v1/batch', false],
    ['/v1/batch', true],
    ['/v1/profiles/batch', false],
  ]);
});

test('whoever asks for patience gets it', async () => {
  const { open, seen } = await startServer(json(429, {}, { 'retry-after': '120' }), accepted);
  const { timersOf } = holdClock();
  const sent = open({ flushAt: 1 }).track({ event: 'A', userId: 'u' });
  await expect.poll(() => timersOf(120_000)).toBe(1);
  await vi.advanceTimersByTimeAsync(119_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersToNextTimerAsync();
  await sent;
  expect(seen).toHaveLength(2);
});

test.each<[string, Answer]>([
  ['nobody says anything', () => undefined],
  ['an answer does not end', (reply) => void reply.writeHead(200).write('{')],
])('a try ends after its time where %s', async (_what, answer) => {
  const { open, lost } = await startServer(answer);
  const kenal = open({ timeout: 20, retries: 0 });
  await expect(kenal.track({ event: 'A', userId: 'u', messageId: 'a' })).rejects.toThrow('no answer within 20 ms');
  expect(lost).toEqual([['unreachable', 'a']]);
});
