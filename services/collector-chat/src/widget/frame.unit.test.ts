import { expect, test } from 'vitest';
import { EVENT_BYTES, readFrame } from './frame.ts';

const read = (frame: object, isPublic: boolean) => readFrame(Buffer.from(JSON.stringify(frame)), EVENT_BYTES, isPublic);

test('a page may not say who acted and in which direction; a server may, and a message of the widget keeps its place', () => {
  const kenal = { direction: 'outbound', actor: { kind: 'agent', id: 'a7' } };
  const event = { type: 'track', event: 'X', messageId: 'm', context: { locale: 'en', kenal } };
  expect(read(event, true)).toMatchObject({ kind: 'event', event: { context: { locale: 'en' } } });
  expect(read(event, true)).not.toHaveProperty('event.context.kenal');
  expect(read(event, false)).toHaveProperty('event.context.kenal', kenal);
  const talk = { type: 'message', messageId: 'm', conversationId: 'c', text: 'hello', context: { kenal } };
  expect(read(talk, true)).toHaveProperty('event.context.kenal', {
    ...{ channel: 'chat', direction: 'inbound', conversationId: 'c' },
  });
});
