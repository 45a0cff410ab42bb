import type { AnalyticsInterface } from '@jitsu/js';
import { MICROS_PER_SECOND } from '@kenal/contracts';
import type { AnalyticsBrowser } from '@segment/analytics-next';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type Collector, startCollector, WRITE_KEY } from './support/collector.ts';
import { servePage, type WebPage } from './support/page.ts';

declare const load: (writeKey: string, cdnURL: string, integrations?: object) => AnalyticsBrowser;
declare const loadJitsu: (writeKey: string, host: string) => AnalyticsInterface;

let collector: Collector;
let site: WebPage;
let browser: Browser;
let page: Page;
let before: number;
beforeAll(async () => {
  [collector, site, browser] = await Promise.all([
    startCollector(),
    servePage(new URL('./support/clients.page.ts', import.meta.url).pathname),
    launchChromium(),
  ]);
});
beforeEach(async () => {
  before = (await collector.interactions()).length;
  page = await browser.newPage();
  await page.goto(`${site.url}/?utm_source=mail&utm_campaign=spring`);
});
afterEach(() => page.close());
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

const address = () => ({ key: WRITE_KEY, url: collector.proxy.url });

test('@segment/analytics-next, cross-origin: each call lands once with its type, ids and times', async () => {
  const anonymousId = await page.evaluate(async ({ key, url }) => {
    const analytics = load(key, url);
    await analytics.page('Home');
    await analytics.identify('u-1', { email: 'ann@shop.example' });
    await analytics.track('Order Completed', { total: 12.5, currency: 'EUR' });
    await analytics.group('g-1', { name: 'Acme' });
    await analytics.alias('u-2', 'u-1');
    await analytics.screen('Start');
    return (await analytics.user()).anonymousId();
  }, address());

  const all = await collector.interactions();
  expect(all.map(({ type }) => type).sort()).toEqual(['alias', 'group', 'identify', 'page', 'screen', 'track']);
  expect(new Set(all.map(({ id }) => id)).size).toBe(6);
  for (const { clientAt, receivedAt } of all) {
    expect(Math.abs((clientAt ?? 0) - receivedAt)).toBeLessThan(10 * MICROS_PER_SECOND);
  }
  const by = Object.fromEntries(all.map((interaction) => [interaction.type, interaction]));
  expect(by.page).toMatchObject({ name: 'Home', anonymousId, campaign: { source: 'mail', name: 'spring' } });
  expect(by.identify).toMatchObject({ userId: 'u-1', anonymousId });
  expect(by.identify?.identifiers).toContainEqual({ type: 'email', value: 'ann@shop.example' });
  expect(by.track).toMatchObject({ name: 'Order Completed', amount: '12.5', currency: 'EUR', userId: 'u-1' });
  expect(by.group).toMatchObject({ accountId: 'g-1' });
  expect(by.alias?.identifiers).toContainEqual({ type: 'user_id', value: 'u-1' });
  const sent = (await collector.proxy.answered()).filter(({ path }) => path !== '/v1/m');
  expect(sent.map(({ path }) => path)).toEqual(['/v1/p', '/v1/i', '/v1/t', '/v1/g', '/v1/a', '/v1/s']);
  expect(sent.every(({ headers }) => headers.origin === site.url)).toBe(true);
});

test('@segment/analytics-next: a 503 is retried and lands once', async () => {
  collector.proxy.refuseNext(1);
  await page.evaluate(async ({ key, url }) => {
    const analytics = load(key, url);
    await analytics.track('Retried', {}, { messageId: 'browser-retried' } as object);
  }, address());
  await expect.poll(async () => (await collector.interactions()).length - before, { timeout: 15_000 }).toBe(1);
  const statuses = (await collector.proxy.answered())
    .filter(({ path }) => path === '/v1/t')
    .slice(-2)
    .map(({ status }) => status);
  expect(statuses).toEqual([503, 200]);
  expect((await collector.interactions()).filter(({ name }) => name === 'Retried')).toHaveLength(1);
});

test('@segment/analytics-next: a 400 is reported and not retried, and the event is kept as a failed one', async () => {
  const calls = (await collector.proxy.answered()).length;
  const failure = await page.evaluate(async ({ key, url }) => {
    const analytics = load(key, url);
    const context = await analytics.track('From the future', {}, { timestamp: '2199-01-01T00:00:00.000Z' });
    return context?.failedDelivery()?.reason;
  }, address());
  expect(String((failure as { message?: string } | undefined)?.message ?? failure)).toMatch(/400|Non-retryable/);
  expect((await collector.proxy.answered()).slice(calls).filter(({ path }) => path === '/v1/t')).toMatchObject([
    { status: 400 },
  ]);
  expect((await collector.interactions()).length).toBe(before);
  expect((await collector.failed()).at(-1)).toMatchObject({ code: 'event_in_future', path: '$.timestamp' });
});

test('@segment/analytics-next in batches: one call brings them all', async () => {
  const calls = (await collector.proxy.answered()).length;
  await page.evaluate(async ({ key, url }) => {
    const delivery = { deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 200 } } };
    const analytics = load(key, url, { 'Segment.io': delivery });
    await Promise.all(['One', 'Two', 'Three'].map((name) => analytics.track(name)));
  }, address());
  await expect.poll(async () => (await collector.interactions()).length - before, { timeout: 10_000 }).toBe(3);
  expect((await collector.proxy.answered()).slice(calls).map(({ path, status }) => [path, status])).toEqual([
    ['/v1/b', 200],
  ]);
});

test('@jitsu/js, cross-origin: each call lands once with its type and ids', async () => {
  const calls = (await collector.proxy.answered()).length;
  await page.evaluate(async ({ key, url }) => {
    const jitsu = loadJitsu(key, url);
    await jitsu.identify('u-9', { email: 'bob@shop.example' });
    await jitsu.track('Order Completed', { total: 3 });
    await jitsu.page();
  }, address());
  const mine = (await collector.interactions()).filter(({ userId }) => userId === 'u-9');
  expect(mine.map(({ type }) => type).sort()).toEqual(['identify', 'page', 'track']);
  expect(new Set(mine.map(({ anonymousId }) => anonymousId)).size).toBe(1);
  expect(mine[0]?.anonymousId).toBeTruthy();
  expect((await collector.proxy.answered()).slice(calls).map(({ path }) => path)).toEqual([
    '/api/s/identify',
    '/api/s/track',
    '/api/s/page',
  ]);
});
