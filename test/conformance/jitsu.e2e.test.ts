import { jitsuAnalytics } from '@jitsu/js';
import { MICROS_PER_SECOND } from '@kenal/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Collector, startCollector, WRITE_KEY } from './support/collector.ts';

let collector: Collector;
let before: number;
beforeAll(async () => {
  collector = await startCollector();
});
beforeEach(async () => {
  before = (await collector.interactions()).length;
});
afterAll(() => collector[Symbol.asyncDispose]());

const client = (errors: string[] = [], s2s = true) =>
  jitsuAnalytics({
    host: collector.proxy.url,
    writeKey: WRITE_KEY,
    s2s,
    errorPolicy: (message: string) => void errors.push(message),
  });

test.each([
  ['server paths', true],
  ['browser paths', false],
])('@jitsu/js, %s: each call lands once with its type, ids and times', async (_name, s2s) => {
  const jitsu = client([], s2s);
  const started = Date.now() * 1_000;
  await jitsu.identify('u-1', { email: 'ann@shop.example' });
  await jitsu.track('Order Completed', { total: 12.5, currency: 'EUR' });
  await jitsu.page({ name: 'Home' });
  await jitsu.group('g-1', { name: 'Acme' });

  const all = await collector.interactions();
  const mine = all.filter(({ receivedAt }) => receivedAt >= started - 1_000);
  expect(mine.map(({ type }) => type).sort()).toEqual(['group', 'identify', 'page', 'track']);
  for (const { clientAt, receivedAt, userId } of mine) {
    expect(userId).toBe('u-1');
    expect(Math.abs((clientAt ?? 0) - receivedAt)).toBeLessThan(5 * MICROS_PER_SECOND);
  }
  const by = Object.fromEntries(mine.map((interaction) => [interaction.type, interaction]));
  expect(by.identify?.identifiers).toContainEqual({ type: 'email', value: 'ann@shop.example' });
  expect(by.track).toMatchObject({ name: 'Order Completed', amount: '12.5', currency: 'EUR' });
  expect(by.group).toMatchObject({ accountId: 'g-1' });
  const folder = s2s ? '/api/s/s2s' : '/api/s';
  expect((await collector.proxy.answered()).slice(-4).map(({ path }) => path)).toEqual(
    ['identify', 'track', 'page', 'group'].map((type) => `${folder}/${type}`),
  );
});

test('@jitsu/js does not retry: a 503 is told to the program, whose own second call lands once', async () => {
  const errors: string[] = [];
  const jitsu = client(errors);
  collector.proxy.refuseNext(1);
  await jitsu.track('Retried');
  expect(errors).toMatchObject([expect.stringContaining('503')]);
  await jitsu.track('Retried');
  expect((await collector.interactions()).length - before).toBe(1);
});

test('@jitsu/js: a 400 is reported with the reason, and the event is kept as a failed one', async () => {
  const errors: string[] = [];
  await client(errors).track('Too large', { text: 'x'.repeat(40_000) });
  expect(errors).toMatchObject([expect.stringMatching(/400.*event_too_large/)]);
  expect((await collector.interactions()).length).toBe(before);
  expect((await collector.failed()).at(-1)).toMatchObject({ code: 'event_too_large', path: '$' });
});
