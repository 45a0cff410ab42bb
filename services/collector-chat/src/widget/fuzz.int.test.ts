import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connect, SECRET_KEY, said, startWidget } from './testing/widget.ts';

const numRuns = Number(process.env.KENAL_PROPERTY_RUNS ?? 300);

test('whatever a client sends, each frame is acknowledged or refused with a reason, counted, and blocks nobody', async () => {
  await using collector = await startWidget();
  await using client = await connect(collector, SECRET_KEY);
  const frame = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .record(
        {
          type: fc.constantFrom('message', 'start', 'end', 'hello', 'track', 'alias'),
          messageId: fc.jsonValue(),
          conversationId: fc.jsonValue(),
          text: fc.jsonValue(),
        },
        { requiredKeys: ['type'] },
      )
      .map((value) => JSON.stringify(value)),
    fc.jsonValue().map((value) => JSON.stringify(said('m', { page: value, timestamp: value, userId: value }))),
    fc.nat(60_000).map((depth) => '['.repeat(depth)),
  );
  const frames = fc.sample(frame, numRuns * 3);
  for (const one of frames) client.send(one);
  const told = await client.next(frames.length);
  for (const one of told)
    expect(one.ok === true || (typeof one.code === 'string' && typeof one.reason === 'string')).toBe(true);
  const counted = [
    ...(await collector.metrics()).matchAll(/kenal_collector_stream_frames_total\{outcome="\w+"\} (\d+)/g),
  ];
  expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(frames.length);
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

test('frames of the worst kinds take the thread of the collector for less than 100 ms each', async () => {
  await using collector = await startWidget();
  await using client = await connect(collector, SECRET_KEY);
  const worst = [
    '['.repeat(32_000),
    '{"a":'.repeat(6_000),
    `"${'\\u0000'.repeat(5_000)}"`,
    JSON.stringify(said('m', { text: '\ud800'.repeat(4_000) })),
  ];
  for (const frame of worst) {
    const { user, system } = process.threadCpuUsage();
    client.send(frame);
    await client.next(1);
    const spent = process.threadCpuUsage();
    expect((spent.user + spent.system - user - system) / 1_000).toBeLessThan(100);
  }
});
