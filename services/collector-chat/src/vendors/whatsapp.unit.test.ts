import { expect, test } from 'vitest';
import { deliver, interactionsOf, startChat, tellAll } from './testing/chat.ts';

test('each delivery of the documentation becomes exactly its interactions, and a retry none', async () => {
  expect(await tellAll('whatsapp')).toEqual({ first: interactionsOf('whatsapp'), again: [], failed: [] });
});

test('the address is confirmed to who shows our token, and to nobody else', async () => {
  await using collector = await startChat('whatsapp');
  const ask = async (token: string, mode = 'subscribe') => {
    const query = new URLSearchParams({ 'hub.mode': mode, 'hub.challenge': '1158201444', 'hub.verify_token': token });
    const answer = await fetch(`${collector.url}/v1/hooks/whatsapp/shop/talks?${query}`);
    return [answer.status, answer.status === 200 ? await answer.text() : ''];
  };
  expect(await ask('meta shows this')).toEqual([200, '1158201444']);
  expect(await ask('meta shows thin')).toEqual([403, '']);
  expect(await ask('')).toEqual([403, '']);
  expect(await ask('meta shows this', 'unsubscribe')).toEqual([403, '']);
});

test('of a delivery each message stands alone: a broken one takes no other with it', async () => {
  await using collector = await startChat('whatsapp');
  const value = (messages: unknown[]) => ({ metadata: { phone_number_id: '1' }, messages });
  const text = { type: 'text', text: { body: 'Hi' }, timestamp: '1796032800', from: '16505551234' };
  const answer = await deliver(collector, 'whatsapp', {
    entry: [
      { changes: [{ value: value([{ ...text, id: 'wamid.1' }, text]) }] },
      { changes: [{ value: value([{ ...text, id: 'wamid.2' }]) }] },
    ],
  });
  expect(await answer.json()).toMatchObject({ accepted: 2, rejected: [{ path: '$.message.id' }] });
  expect((await collector.interactions()).map(({ id }) => id).sort()).toEqual(['wamid.1', 'wamid.2']);
});

test('a long text is cut to 8,000 characters and says so', async () => {
  await using collector = await startChat('whatsapp');
  const message = {
    type: 'text',
    text: { body: 'x'.repeat(9_000) },
    timestamp: '1796032800',
    from: '16505551234',
    id: 'w',
  };
  await deliver(collector, 'whatsapp', {
    entry: [{ changes: [{ value: { metadata: { phone_number_id: '1' }, messages: [message] } }] }],
  });
  const [interaction] = await collector.interactions();
  expect(JSON.parse(interaction?.properties ?? '')).toMatchObject({ text: 'x'.repeat(8_000), truncated: true });
});
