import { type FailedEvent, formatTime } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { STEWARD_KEY, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { connect, PUBLIC_KEY, said, startWidget } from './testing/widget.ts';

async function replay(collector: TestVendorCollector, event: FailedEvent, body: unknown) {
  const { failureId, contentType, frame, receivedAt } = event;
  const told = { failureId, contentType, frame, receivedAt: formatTime(receivedAt) };
  const sent = { ...told, body: Buffer.from(JSON.stringify(body)).toString('base64') };
  const steward = { authorization: `Bearer ${STEWARD_KEY}` };
  return (await collector.deliver('chat', JSON.stringify(sent), steward, '/failed/replay')).json();
}

test('a frame that was refused is repaired and sent again, as the message or the event that it should have been', async () => {
  await using collector = await startWidget();
  await using client = await connect(collector, PUBLIC_KEY);
  const { text: _gone, ...wordless } = said('w1');
  client.send(wordless);
  client.send(said('w2', { timestamp: 'soon' }));
  await client.next(2);
  const failed = await collector.failed();
  const kept = (code: string): FailedEvent => failed.find((event) => event.code === code)!;

  const frame = kept('event_missing_field');
  expect(await replay(collector, frame, wordless)).toMatchObject({ state: null, rejected: [{ path: '$.text' }] });
  expect(await replay(collector, frame, said('w1'))).toMatchObject({ state: 'replayed', accepted: 1 });
  const event = kept('event_bad_time');
  const made = JSON.parse(Buffer.from(event.body).toString());
  const repaired = { ...made, timestamp: '2026-11-30T11:58:00.000Z' };
  expect(await replay(collector, event, repaired)).toMatchObject({ state: 'replayed', accepted: 1 });
  const hello = { type: 'hello', conversationId: 'conv-1' };
  expect(await replay(collector, frame, hello)).toMatchObject({ state: null, accepted: 0, rejected: [{ path: '$' }] });

  // Whatever anybody wrote into it: what a page claims of an event's place is not looked at
  const claimed = { kenal: { channel: 'phone', identifiers: [{ type: 'email', value: 'victim@x.example' }] } };
  const viewed = { type: 'track', event: 'Page Seen', userId: 'u1', messageId: 'w3', context: claimed };
  expect(await replay(collector, frame, viewed)).toMatchObject({ state: 'replayed', accepted: 1 });
  expect((await collector.interactions()).find(({ id }) => id === 'w3')).toMatchObject({
    ...{ channel: 'chat', identifiers: [{ type: 'user_id', value: 'u1' }] },
  });

  const seen = (await collector.interactions()).map(({ id, name, conversationId }) => [id, name, conversationId]);
  expect(seen.sort()).toEqual([
    ['w1', 'Live Chat Message Received', 'conv-1'],
    ['w2', 'Live Chat Message Received', 'conv-1'],
    ['w3', 'Page Seen', null],
  ]);
});
