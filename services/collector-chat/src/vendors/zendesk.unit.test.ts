import { expect, test } from 'vitest';
import { deliver, fixturesOf, interactionsOf, startChat, tellAll } from './testing/chat.ts';

test('each event of the documentation and our trigger become exactly their interactions, and a retry none', async () => {
  expect(await tellAll('zendesk')).toEqual({ first: interactionsOf('zendesk'), again: [], failed: [] });
});

test('a delivery of which nobody says the account is kept as a failed event: ids repeat between accounts', async () => {
  await using collector = await startChat('zendesk');
  await deliver(collector, 'zendesk', fixturesOf('zendesk')['by a trigger'], { 'x-zendesk-account-id': '' });
  expect((await collector.failed()).map(({ code, path }) => [code, path])).toEqual([
    ['event_missing_field', '$.account_id'],
  ]);
});

test.each([
  ['status', 'Solved', 'Case Resolved', 'outbound'],
  ['status', 'Pending', 'Case Updated', 'outbound'],
  ['created', 'New', 'Case Opened', 'inbound'],
])('a trigger of change %s with status %s is %s, %s', async (change, status, name, direction) => {
  await using collector = await startChat('zendesk');
  const answer = await deliver(collector, 'zendesk', { ...fixturesOf('zendesk')['by a trigger'], change, status });
  expect(answer.status).toBe(200);
  expect((await collector.interactions()).map((one) => [one.name, one.direction])).toEqual([[name, direction]]);
});

test('a private comment and an answer of an agent by a trigger are no words of the customer', async () => {
  await using collector = await startChat('zendesk');
  const trigger = fixturesOf('zendesk')['by a trigger'] as { comment: Record<string, unknown> };
  await deliver(collector, 'zendesk', { ...trigger, comment: { ...trigger.comment, is_public: 'false' } });
  const author = { id: '7', name: 'Dan', email: 'dan@shop.example', role: 'Agent' };
  await deliver(collector, 'zendesk', { ...trigger, comment: { ...trigger.comment, id: '502', author } });
  const said = (await collector.interactions()).map(({ name, actor, identifiers }) => [
    name,
    actor?.id,
    identifiers[0]?.value,
  ]);
  expect(said).toEqual([['Live Chat Message Sent', '7', 'u42']]);
});

test('comments of a ticket whose ids the trigger leaves empty are each their own, and a retry is none', async () => {
  await using collector = await startChat('zendesk');
  const trigger = fixturesOf('zendesk')['by a trigger'] as { comment: Record<string, unknown> };
  const comment = { ...trigger.comment, id: '' };
  const later = { ...trigger, comment, updated_at: '2026-11-30T11:05:00Z' };
  const first = { ...trigger, comment };
  for (const sent of [
    first,
    { ...first, comment: { ...comment, body: 'And creaks' } },
    later,
    { ...first, status: 'New' },
  ])
    await deliver(collector, 'zendesk', sent);
  expect(new Set((await collector.interactions()).map(({ id }) => id)).size).toBe(3);
  await deliver(collector, 'zendesk', { ...first, comment: { ...comment, body: '' } });
  expect((await collector.failed()).map(({ code, path }) => [code, path])).toEqual([
    ['event_missing_field', '$.comment.id'],
  ]);
});
