import { expect, test } from 'vitest';
import { deliver, fixturesOf, interactionsOf, startChat, tellAll } from './testing/chat.ts';

test('each update of the documentation becomes exactly its interactions, and the same update again none', async () => {
  expect(await tellAll('telegram')).toEqual({ first: interactionsOf('telegram'), again: [], failed: [] });
});

test('a wrong secret token opens nothing', async () => {
  await using collector = await startChat('telegram');
  const answer = await deliver(collector, 'telegram', fixturesOf('telegram')['private message'], {
    'x-telegram-bot-api-secret-token': 'the secret of yesterday',
  });
  expect([answer.status, await collector.interactions()]).toEqual([401, []]);
});

test('a group of ten links nobody: each message has its author alone', async () => {
  await using collector = await startChat('telegram');
  const group = fixturesOf('telegram')['in a group'] as { message: Record<string, unknown> };
  for (let i = 0; i < 10; i++)
    await deliver(collector, 'telegram', {
      update_id: i,
      message: { ...group.message, message_id: 100 + i, from: { id: 100 + i, is_bot: false, first_name: `N${i}` } },
    });
  const names = (await collector.interactions()).map(({ identifiers }) => identifiers.map(({ value }) => value).join());
  expect(names.sort()).toEqual(Array.from({ length: 10 }, (_, i) => String(100 + i)));
});

test('numbers of updates and messages that begin anew, or are another bot’s, take no message for a known one', async () => {
  await using collector = await startChat('telegram');
  const { message } = fixturesOf('telegram')['private message'] as { message: { date: number } };
  const edited = { ...message, edit_date: message.date + 5 };
  for (const update of [
    { message },
    { message: { ...message, message_id: 1367 } },
    { message: { ...message, date: message.date + 1, text: 'to the other bot' } },
    { edited_message: edited },
    { edited_message: { ...edited, edit_date: message.date + 6 } },
  ])
    await deliver(collector, 'telegram', { update_id: 10001, ...update });
  expect(new Set((await collector.interactions()).map(({ id }) => id)).size).toBe(5);
});
