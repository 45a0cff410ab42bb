import { MICROS_PER_MILLI } from '@kenal/contracts';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
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

function client(errorHandler?: (error: Error) => void): RudderAnalytics {
  const handler = errorHandler === undefined ? {} : { errorHandler };
  return new RudderAnalytics(WRITE_KEY, {
    dataPlaneUrl: collector.proxy.url,
    flushInterval: 60_000,
    logLevel: 'silly',
    ...handler,
  });
}

test('@rudderstack/rudder-sdk-node: each call lands once with its type, ids and times, gzipped', async () => {
  const rudder = client();
  const timestamp = new Date('2026-01-02T03:04:05.678Z');
  const ids = { userId: 'u-1', anonymousId: 'a-1', timestamp };
  rudder.identify({ ...ids, traits: { email: 'ann@shop.example' } });
  rudder.track({ ...ids, event: 'Order Completed', properties: { total: 12.5, currency: 'EUR' } });
  rudder.page({ ...ids, name: 'Home' });
  rudder.screen({ ...ids, name: 'Start' });
  rudder.group({ ...ids, groupId: 'g-1', traits: { name: 'Acme' } });
  rudder.alias({ userId: 'u-1', previousId: 'u-0', timestamp });
  await rudder.flush();
  await rudder.flush();

  const all = await collector.interactions();
  expect(all.map(({ type }) => type).sort()).toEqual(['alias', 'group', 'identify', 'page', 'screen', 'track']);
  for (const { userId, clientAt, sentAt } of all) {
    expect(userId).toBe('u-1');
    expect(clientAt).toBe(timestamp.getTime() * MICROS_PER_MILLI);
    expect(sentAt).not.toBeNull();
  }
  const by = Object.fromEntries(all.map((interaction) => [interaction.type, interaction]));
  expect(by.identify?.identifiers).toContainEqual({ type: 'email', value: 'ann@shop.example' });
  expect(JSON.parse(by.identify?.traits ?? '')).toEqual({ email: 'ann@shop.example' });
  expect(by.track).toMatchObject({ name: 'Order Completed', amount: '12.5', currency: 'EUR' });
  expect(new Set(all.map(({ id }) => id)).size).toBe(6);
  expect((await collector.proxy.answered()).map(({ path }) => path)).toContain('/v1/batch');
  expect((await collector.proxy.answered()).every(({ headers }) => headers['content-encoding'] === 'gzip')).toBe(true);
});

test('@rudderstack/rudder-sdk-node: a 503 is retried and lands once', async () => {
  const rudder = client();
  collector.proxy.refuseNext(2);
  const calls = (await collector.proxy.answered()).length;
  rudder.track({ userId: 'u-2', event: 'Retried' });
  await rudder.flush();
  await rudder.flush();
  expect((await collector.proxy.answered()).slice(calls).map(({ status }) => status)).toEqual([503, 503, 200]);
  expect((await collector.interactions()).length - before).toBe(1);
});

test('@rudderstack/rudder-sdk-node: a 400 is reported, not retried', async () => {
  const errors: Error[] = [];
  const rudder = client((error) => void errors.push(error));
  collector.proxy.halveNext();
  const calls = (await collector.proxy.answered()).length;
  rudder.track({ userId: 'u-3', event: 'Broken' });
  await rudder.flush();
  await rudder.flush();
  expect(errors).toMatchObject([{ response: { status: 400, data: { code: 'bad_encoding' } } }]);
  expect((await collector.proxy.answered()).length - calls).toBe(1);
  expect((await collector.interactions()).length).toBe(before);
});
