import { expect, test } from 'vitest';
import { deliver, fixturesOf, interactionsOf, startChat, tellAll } from './testing/chat.ts';

test('each notification of the documentation becomes exactly its interactions, and a retry none', async () => {
  expect(await tellAll('intercom')).toEqual({ first: interactionsOf('intercom'), again: [], failed: [] });
});

test('the address answers the HEAD by which Intercom looks for it, and a ping with 200 and no event', async () => {
  await using collector = await startChat('intercom');
  const head = await fetch(`${collector.url}/v1/hooks/intercom/shop/talks`, { method: 'HEAD' });
  const ping = await deliver(collector, 'intercom', fixturesOf('intercom').ping);
  expect([head.status, ping.status]).toEqual([200, 200]);
  expect((await collector.deliveries('talks')).map(({ outcome }) => outcome)).toEqual(['ignored']);
});

test('a customer with an address of our own is an agent', async () => {
  await using collector = await startChat('intercom');
  const text = JSON.stringify(fixturesOf('intercom')['a customer begins']).replace('ann@x.example', 'ann@shop.example');
  await deliver(collector, 'intercom', JSON.parse(text));
  const message = (await collector.interactions()).find(({ id }) => id === 'part.471.first');
  expect([message?.direction, message?.name]).toEqual(['outbound', 'Live Chat Message Sent']);
});
