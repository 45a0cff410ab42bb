import { expect, test } from 'vitest';
import { connect, PUBLIC_KEY, reply, SECRET_KEY, SLOW_KEY, said, startWidget } from './testing/widget.ts';

const agent = { id: 'a7', name: 'Dan' };

test('an answer reaches the visitor who is connected, and is recorded as theirs', async () => {
  await using collector = await startWidget();
  await using visitor = await connect(collector, PUBLIC_KEY);
  await using stranger = await connect(collector, PUBLIC_KEY);
  visitor.send(said('m1', { userId: 'u42' }));
  stranger.send(said('m2', { conversationId: 'conv-2', anonymousId: 'anon-2' }));
  await Promise.all([visitor.next(1), stranger.next(1)]);
  const answer = await reply(collector, { conversationId: 'conv-1', text: 'Hello', messageId: 'r1', agent });
  expect([answer.status, await answer.json()]).toEqual([200, { messageId: 'r1', delivered: true }]);
  expect(await visitor.next(1)).toMatchObject([
    { type: 'reply', messageId: 'r1', conversationId: 'conv-1', text: 'Hello', agent },
  ]);
  stranger.send(said('m3', { conversationId: 'conv-2', anonymousId: 'anon-2' }));
  expect(await stranger.next(1)).toMatchObject([{ messageId: 'm3' }]);
  // Sent again it is the same, not other content under one id
  collector.now.micros += 5_000_000;
  await reply(collector, { conversationId: 'conv-1', text: 'Hello', messageId: 'r1', agent });
  const copies = (await collector.interactions()).filter(({ id }) => id === 'r1');
  expect(copies.map(({ clientAt }) => clientAt)).toEqual([null, null]);
  const [recorded] = copies;
  expect(recorded).toMatchObject({
    ...{ name: 'Live Chat Message Sent', direction: 'outbound', conversationId: 'conv-1', anonymousId: 'anon-1' },
    ...{ userId: 'u42', actor: { kind: 'agent', id: 'a7' } },
  });
});

test('an answer to somebody who has gone is recorded and not delivered; one who comes again gets the next', async () => {
  await using collector = await startWidget();
  const visitor = await connect(collector, PUBLIC_KEY);
  visitor.send(said('m1'));
  await visitor.next(1);
  visitor.socket.close();
  await visitor.closed;
  const late = await reply(collector, { conversationId: 'conv-1', text: 'Still there?', messageId: 'r1' });
  expect(await late.json()).toEqual({ messageId: 'r1', delivered: false });
  expect((await collector.interactions()).find(({ id }) => id === 'r1')?.anonymousId).toBe('anon-1');
  await using again = await connect(collector, PUBLIC_KEY);
  again.send({ type: 'hello', conversationId: 'conv-1' });
  await again.next(1);
  const next = await reply(collector, { conversationId: 'conv-1', text: 'Bye', messageId: 'r2', end: true });
  expect(await next.json()).toEqual({ messageId: 'r2', delivered: true });
  // It did not say again who it is
  expect((await collector.interactions()).find(({ id }) => id === 'r2')?.anonymousId).toBe('anon-1');
  const names = (await collector.interactions())
    .filter(({ direction }) => direction === 'outbound')
    .map(({ id, name }) => `${id} ${name}`);
  expect(names.sort()).toEqual([
    'r1 Live Chat Message Sent',
    'r2 Live Chat Message Sent',
    'r2.end Live Chat Conversation Ended',
  ]);
});

test('nobody answers in our name with a visitor’s key, one of another source, or none of ours', async () => {
  await using collector = await startWidget();
  for (const [key, source, status, code] of [
    [PUBLIC_KEY, 'chat', 403, 'forbidden'],
    [SLOW_KEY, 'chat', 403, 'forbidden'],
    [SECRET_KEY, 'slow', 403, 'forbidden'],
    ['nobody-0123456789', 'chat', 401, 'unknown_key'],
  ] as const) {
    const answer = await reply(collector, { conversationId: 'conv-1', text: 'Hello' }, key, source);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
  }
  expect(await collector.interactions()).toEqual([]);
});

test('a reply of a wrong form is refused naming the field', async () => {
  await using collector = await startWidget();
  for (const [body, path] of [
    [{ text: 'Hello' }, '$.conversationId'],
    [{ conversationId: 'c' }, '$.text'],
    [{ conversationId: 'c', text: 'x'.repeat(8_001) }, '$.text'],
    [{ conversationId: 'c', text: 'x', agent: {} }, '$.agent.id'],
  ] as const) {
    const answer = await reply(collector, body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'bad_body', path }]);
  }
});
