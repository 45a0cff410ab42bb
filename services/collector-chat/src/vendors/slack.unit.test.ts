import { expect, test } from 'vitest';
import { deliver, fixturesOf, interactionsOf, startChat, tellAll } from './testing/chat.ts';

test('each delivery of the documentation becomes exactly its interactions, and a retry under a new signature none', async () => {
  expect(await tellAll('slack')).toEqual({ first: interactionsOf('slack'), again: [], failed: [] });
});

test('the challenge is answered with its text where the signature is right, and with 401 where not', async () => {
  await using collector = await startChat('slack');
  const payload = {
    token: 'x',
    challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    type: 'url_verification',
  };
  const answer = await deliver(collector, 'slack', payload);
  expect([answer.status, await answer.text()]).toEqual([200, payload.challenge]);
  const forged = await deliver(collector, 'slack', payload, { 'x-slack-signature': `v0=${'0'.repeat(64)}` });
  expect(forged.status).toBe(401);
  expect(await collector.interactions()).toEqual([]);
});

test('ten people who talk in one room are ten people, each the one subject of their own message', async () => {
  await using collector = await startChat('slack');
  const { event, ...rest } = fixturesOf('slack')['public message'] as Record<string, Record<string, unknown>>;
  for (let i = 0; i < 10; i++)
    await deliver(collector, 'slack', {
      ...rest,
      event_id: `Ev${i}`,
      event: { ...event, user: `U${i}`, thread_ts: '1796032800.000005' },
    });
  const interactions = await collector.interactions();
  expect(interactions.map(({ identifiers }) => identifiers.map(({ value }) => value)).sort()).toEqual(
    Array.from({ length: 10 }, (_, i) => [`T024BE7LD/U${i}`]),
  );
  expect(new Set(interactions.map(({ conversationId }) => conversationId)).size).toBe(1);
});

test('a message that lacks its room is kept as a failed event that says so, and Slack is told that all is well', async () => {
  await using collector = await startChat('slack');
  const { event, ...rest } = fixturesOf('slack')['public message'] as Record<string, Record<string, unknown>>;
  const answer = await deliver(collector, 'slack', { ...rest, event: { ...event, channel: undefined } });
  expect(answer.status).toBe(200);
  expect((await collector.failed()).map(({ code, path }) => [code, path])).toEqual([
    ['event_missing_field', '$.event.channel'],
  ]);
});
