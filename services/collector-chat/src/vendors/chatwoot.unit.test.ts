import { expect, test } from 'vitest';
import { deliver, fixturesOf, interactionsOf, startChat, tellAll } from './testing/chat.ts';

test('each delivery of the documentation becomes exactly its interactions, and a retry none', async () => {
  expect(await tellAll('chatwoot')).toEqual({ first: interactionsOf('chatwoot'), again: [], failed: [] });
});

test('a conversation that is opened again says so, and one of a mail inbox is of channel email', async () => {
  await using collector = await startChat('chatwoot');
  const resolved = fixturesOf('chatwoot').resolved;
  const changed_attributes = [{ status: { previous_value: 'resolved', current_value: 'open' } }];
  await deliver(collector, 'chatwoot', { ...resolved, status: 'open', changed_attributes, channel: 'Channel::Email' });
  expect((await collector.interactions()).map(({ name, channel }) => [name, channel]).sort()).toEqual([
    ['Case Reopened', 'email'],
    ['Live Chat Conversation Reopened', 'email'],
  ]);
});
