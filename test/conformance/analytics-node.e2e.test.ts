import { MICROS_PER_MILLI } from '@kenal/contracts';
import { Analytics } from '@segment/analytics-node';
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

const client = (): Analytics =>
  new Analytics({ writeKey: WRITE_KEY, host: collector.proxy.url, maxRetries: 3, flushInterval: 50 });

test('@segment/analytics-node: each call lands once with its type, ids and times', async () => {
  const analytics = client();
  const timestamp = new Date('2026-01-02T03:04:05.678Z');
  const ids = { userId: 'u-1', anonymousId: 'a-1', timestamp };
  analytics.identify({ ...ids, traits: { email: 'ann@shop.example', plan: 'gold' } });
  analytics.track({ ...ids, event: 'Order Completed', properties: { order_id: 'o-1', total: 12.5, currency: 'EUR' } });
  analytics.page({ ...ids, name: 'Home' });
  analytics.screen({ ...ids, name: 'Start' });
  analytics.group({ ...ids, groupId: 'g-1', traits: { name: 'Acme' } });
  analytics.alias({ userId: 'u-1', previousId: 'u-0', timestamp });
  await analytics.closeAndFlush();

  const all = await collector.interactions();
  expect(all.map(({ type }) => type).sort()).toEqual(['alias', 'group', 'identify', 'page', 'screen', 'track']);
  for (const interaction of all) {
    expect(interaction).toMatchObject({ userId: 'u-1', clientAt: timestamp.getTime() * MICROS_PER_MILLI });
    expect(interaction.occurredAt).toBe(interaction.clientAt);
    expect(interaction.id).toMatch(/^node-next-/);
  }
  const by = Object.fromEntries(all.map((interaction) => [interaction.type, interaction]));
  expect(by.identify?.identifiers).toContainEqual({ type: 'email', value: 'ann@shop.example' });
  expect(by.track).toMatchObject({ name: 'Order Completed', amount: '12.5', currency: 'EUR', anonymousId: 'a-1' });
  expect(by.group).toMatchObject({ accountId: 'g-1', traits: '{}' });
  expect(by.alias?.identifiers).toContainEqual({ type: 'user_id', value: 'u-0' });
  expect((await collector.proxy.answered()).every(({ path, status }) => path === '/v1/batch' && status === 200)).toBe(
    true,
  );
});

test('@segment/analytics-node: a 503 is retried, and an answer that got lost doubles no id', async () => {
  collector.proxy.refuseNext(1);
  collector.proxy.hideAnswers(1);
  const analytics = client();
  analytics.track({ userId: 'u-2', event: 'Retried', messageId: 'retried-1' });
  await analytics.closeAndFlush();
  const copies = (await collector.interactions()).filter(({ name }) => name === 'Retried');
  // The hidden answer makes it two copies of one name: the id is what collapses them downstream
  expect(copies.map(({ id }) => id)).toEqual(['retried-1', 'retried-1']);
  expect(new Set(copies.map(({ receipt }) => receipt.sequence)).size).toBe(2);
  expect((await collector.interactions()).length - before).toBe(2);
});

test('@segment/analytics-node: a 400 is reported, not retried', async () => {
  collector.proxy.halveNext();
  const analytics = client();
  const errors: unknown[] = [];
  analytics.on('error', (error) => errors.push(error));
  analytics.track({ userId: 'u-3', event: 'Broken' });
  const calls = (await collector.proxy.answered()).length;
  await analytics.closeAndFlush();
  expect(errors).toMatchObject([{ code: 'delivery_failure', reason: { message: expect.stringContaining('400') } }]);
  expect((await collector.proxy.answered()).length - calls).toBe(1);
  expect((await collector.interactions()).length).toBe(before);
  expect((await collector.failed()).at(-1)).toMatchObject({ code: 'bad_json', path: '$' });
});
