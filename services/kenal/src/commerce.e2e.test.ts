import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POSITION_HEADER } from '@kenal/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Loose } from '../../../test/support/loose.ts';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenal, kenalHere, type RunningKenal, until, up } from './testing/cli.ts';

const SECRET = 'whsec_shared';
type Body = Loose;
const dataDir = await migratedDirectory();
let running: RunningKenal;

beforeAll(async () => {
  const config = join(dataDir, 'kenal.yaml');
  const sources = ['shopify', 'woocommerce', 'stripe'].map(
    (kind) => `{id: ${kind}, kind: ${kind}, secrets: [env:VENDOR]}`,
  );
  const declared = `computed: {spent: {sum: {of: orders, property: net}}},
    segments: {big: {where: {and: [{computed: spent, gte: 50}, {trait: city, eq: Ulm}]}}, broken: {sql: SELECT nobody}}`;
  writeFileSync(
    config,
    `workspaces: [{id: shop, currency: EUR, erasureKey: env:ERASING, sources: [${sources.join(', ')}], ${declared}}]`,
  );
  running = await up(dataDir, { KENAL_CONFIG: config, VENDOR: SECRET, ERASING: 'e'.repeat(64) });
});
afterAll(async () => void (await running?.stop()));

const sign = (text: string, encoding: 'base64' | 'hex'): string =>
  createHmac('sha256', SECRET).update(text).digest(encoding);

/** A fixture of the collector, moved to times that lie behind us. */
function fixture(name: string): { headers?: Record<string, string>; body: Body } {
  const path = new URL(`../../collector-commerce/src/vendors/fixtures/${name}.json`, import.meta.url);
  const text = readFileSync(path, 'utf8').replaceAll('2026-11-30', '2026-02-01').replaceAll('2026-12-', '2026-02-');
  return JSON.parse(text);
}

async function deliver(name: string, change: (body: Body) => void = () => undefined): Promise<void> {
  const [kind = ''] = name.split('-');
  const { headers = {}, body } = fixture(name);
  change(body);
  const text = JSON.stringify(body);
  const time = Math.floor(Date.now() / 1_000);
  const signatures: Record<string, Record<string, string>> = {
    shopify: { 'x-shopify-hmac-sha256': sign(text, 'base64') },
    woocommerce: { 'x-wc-webhook-signature': sign(text, 'base64') },
    stripe: { 'stripe-signature': `t=${time},v1=${sign(`${time}.${text}`, 'hex')}` },
  };
  const url = `${running.endpoints.url}/v1/hooks/${kind}/shop/${kind}`;
  const answer = await fetch(url, { method: 'POST', body: text, headers: { ...headers, ...signatures[kind] } });
  expect([name, answer.status, await answer.json()]).toMatchObject([name, 200, { rejected: [] }]);
}

const ago = (body: Body): void => {
  body.created = 1_770_000_000;
};

test('an order of a shop and its payment are one revenue; partial refunds, told again or not, are exact in each source', async () => {
  await deliver('shopify-order');
  const ofShop = (body: Body): void => {
    ago(body);
    body.data.object.metadata = { order_id: '450789469' };
  };
  for (const name of ['stripe-checkout', 'stripe-payment', 'stripe-refund']) await deliver(name, ofShop);
  await deliver('shopify-refund');
  await deliver('woocommerce-order');
  await deliver('woocommerce-refunded');
  await deliver('woocommerce-refunded', (body) => (body.date_modified_gmt = '2026-02-03T08:00:00'));
  // What Stripe sells by itself
  const own = (body: Body): void => {
    ago(body);
    body.id += '_own';
    for (const field of ['id', 'payment_intent'])
      if (body.data.object[field] != null) body.data.object[field] += '_own';
  };
  for (const name of ['stripe-checkout', 'stripe-payment', 'stripe-refund']) await deliver(name, own);
  // Tests of either are no revenue
  await deliver('shopify-order', (body) => Object.assign(body, { id: 8, test: true }));
  await deliver('stripe-checkout', (body) => {
    own(body);
    body.livemode = false;
    for (const field of ['id', 'payment_intent']) body.data.object[field] += '_test';
  });

  const key = { headers: { 'x-write-key': running.endpoints.writeKey } };
  const settled = await fetch(`${running.endpoints.url}/v1/settled?wait=60`, key);
  expect(await settled.json()).toEqual({ settled: true });
  const sql =
    "SELECT source, order_id, toString(total) AS total, toString(refunded) AS refunded, currency, status, faults, profile_id != '' AS known FROM orders ORDER BY source";
  const { stdout } = await kenalHere(dataDir, ['sql', sql, '-f', 'ndjson']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const common = { status: 'partially_refunded', faults: [], known: 1 };
  expect(rows).toEqual([
    { ...common, source: 'shopify', order_id: '450789469', total: '46.305', refunded: '19.9', currency: 'GBP' },
    {
      ...common,
      source: 'stripe',
      order_id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa_own',
      total: '21.98',
      refunded: '3',
      currency: 'EUR',
    },
    { ...common, source: 'woocommerce', order_id: '727', total: '29.35', refunded: '13.33', currency: 'EUR' },
  ]);
});

test('a cancelled order is cancelled, whichever of its topics comes last', async () => {
  await deliver('shopify-order', (body) => (body.id = 7));
  const body = fixture('shopify-order').body;
  const cancelled = { ...body, id: 7, cancelled_at: '2026-02-02T10:00:00Z', updated_at: '2026-02-02T10:00:09Z' };
  for (const topic of ['orders/cancelled', 'orders/updated']) {
    const text = JSON.stringify(cancelled);
    await fetch(`${running.endpoints.url}/v1/hooks/shopify/shop/shopify`, {
      method: 'POST',
      body: text,
      headers: {
        'x-shopify-topic': topic,
        'x-shopify-event-id': 'c7',
        'x-shopify-shop-domain': 'heron-and-sons.myshopify.com',
        'x-shopify-hmac-sha256': sign(text, 'base64'),
      },
    });
  }
  const key = { headers: { 'x-write-key': running.endpoints.writeKey } };
  await fetch(`${running.endpoints.url}/v1/settled?wait=60`, key);
  const { stdout } = await kenalHere(dataDir, [
    'sql',
    "SELECT status, events FROM orders WHERE order_id = '7'",
    '-f',
    'csv',
  ]);
  expect(stdout.trim()).toBe('"cancelled",2');
});

test('a declared segment is entered after a merge, and API, SQL and change feed show it; broken SQL stops nothing else', async () => {
  const order = (id: string, total: number) => ({ order_id: `${id}-1`, total, currency: 'EUR' });
  const events = ['ines', 'ida'].flatMap((userId) => [
    { type: 'identify', userId, traits: { city: 'Ulm' } },
    { type: 'track', userId, event: 'Order Completed', properties: order(userId, 30) },
  ]);
  await kenal(dataDir, ['send'], { input: events.map((event) => JSON.stringify(event)).join('\n') });
  const sql = async (question: string): Promise<string> =>
    (await kenalHere(dataDir, ['sql', question, '-f', 'tsv'])).stdout.trim();
  const stored = "SELECT count() FROM orders WHERE order_id IN ('ines-1', 'ida-1') AND profile_id != ''";
  await until('the orders', async () => ((await sql(stored)) === '2' ? true : null));
  const scores = async (): Promise<Loose> => {
    const headers = { 'x-read-key': running.endpoints.readKey };
    const answer = await fetch(`${running.endpoints.url}/v1/profiles/user_id:ines/scores`, { headers });
    return ((await answer.json()) as Loose).scores;
  };
  const refresh = () => kenalHere(dataDir, ['mart', 'refresh', 'computed', '--wait']);

  // Nothing else is wrong: every mart that scores are taken from was asked as well
  const first = await refresh();
  expect([first.code, first.stdout + first.stderr]).toEqual([
    1,
    expect.stringMatching(/not valid: segment\.broken: Code: 47.*nobody[^;]*; all others are up to date/),
  ]);
  await until('what she spent', async () => ((await scores())['trait.spent']?.value === 30 ? true : null));
  expect((await scores())['segment.big']).toBeUndefined();
  await kenalHere(dataDir, ['identity', 'must', 'user_id:ines', 'user_id:ida', '--reason', 'one person', '--wait']);
  await until('the merge', async () => {
    const spent =
      "SELECT max(net) FROM (SELECT sum(net) AS net FROM orders WHERE order_id LIKE 'i%-1' GROUP BY profile_id)";
    return (await sql(spent)) === '60' ? true : null;
  });
  await refresh();
  await until('the segment', async () => ((await scores())['segment.big']?.value === true ? true : null));
  expect((await scores())['trait.spent']).toMatchObject({ value: 60, kind: 'trait' });
  const inFeed = "SELECT count() FROM live_profiles WHERE JSONExtractBool(computed, 'segment.big', 'value')";
  await until('the feed', async () => ((await sql(inFeed)) === '1' ? true : null));
  expect(await sql('SELECT segment, event FROM segment_log')).toBe('big\tentered');
  const listed = await kenalHere(dataDir, ['mart', 'ls']);
  expect(listed.stdout).toMatch(/^computed +dead +.*not valid: segment\.b/m);
});

test('the service desk sees who is calling: open case, last order with its lines, and the orders before', async () => {
  const { url, readKey, writeKey } = running.endpoints;
  const at = (day: number) => ({ timestamp: `2026-03-0${day}T10:00:00Z`, userId: 'vera' });
  const line = (product_id: string, price: number, quantity: number) => ({ product_id, price, quantity });
  const ordered = (id: string, ...products: object[]) => ({ order_id: id, currency: 'EUR', products });
  const opened = { case_id: 'C-1', priority: 'high' };
  const batch = [
    { ...at(1), type: 'identify', traits: { name: 'Vera Holt', email: 'vera@example.com' } },
    { ...at(2), type: 'track', event: 'Order Completed', properties: ordered('V-1', line('tea', 4, 3)) },
    { ...at(3), type: 'track', event: 'Case Opened', properties: { ...opened, case_id: 'C-0' } },
    { ...at(4), type: 'track', event: 'Case Resolved', properties: { case_id: 'C-0' } },
    {
      ...at(5),
      type: 'track',
      event: 'Order Completed',
      properties: ordered('V-2', line('cup', 9, 1), line('tea', 4, 1)),
    },
    { ...at(6), type: 'track', event: 'Case Opened', properties: opened },
    // A refund that names its order and nobody
    {
      type: 'track',
      anonymousId: 'till',
      event: 'Order Refunded',
      properties: { order_id: 'V-2', total: 4, currency: 'EUR' },
    },
  ];
  const written = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { 'x-write-key': writeKey },
    body: JSON.stringify({ batch }),
  });
  const headers = { 'x-read-key': readKey, [POSITION_HEADER]: written.headers.get(POSITION_HEADER) ?? '' };
  const get = async (path: string) => {
    const reply = await fetch(`${url}${path}`, { headers });
    return { status: reply.status, body: (await reply.json()) as Loose };
  };
  const { body: card } = await get('/v1/profiles/email:vera@example.com/card');
  expect(card).toMatchObject({ name: 'Vera Holt', lastContact: { name: 'Case Opened' }, nextBest: [] });
  expect(card.openCases).toEqual([expect.objectContaining({ id: 'C-1', priority: 'high', reopened: 0 })]);
  const last = { id: 'V-2', status: 'partially_refunded', total: '13', net: '9', currency: 'EUR' };
  expect(card.lastOrder).toMatchObject({ ...last, lines: [{ itemId: 'cup', amount: '9' }, { itemId: 'tea' }] });
  const { body: first } = await get('/v1/profiles/user_id:vera/orders?limit=1');
  expect(first.orders.map(({ id }: Loose) => id)).toEqual(['V-2']);
  const { body: second } = await get(`/v1/profiles/user_id:vera/orders?limit=1&cursor=${first.cursor}`);
  expect([second.orders.map(({ id }: Loose) => id), second.cursor]).toEqual([['V-1'], null]);
  expect((await get('/v1/orders/V-1')).body).toMatchObject({ id: 'V-1', total: '12', profileId: card.id });
  expect(await get('/v1/orders/V-9')).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('a card names nobody who was erased, though another person’s event did', async () => {
  const { url, readKey, writeKey } = running.endpoints;
  const batch = [
    { type: 'identify', userId: 'zoe', traits: { email: 'zoe.canary@example.com' } },
    { type: 'track', userId: 'yuri', event: 'Asked for zoe.canary@example.com', properties: {} },
  ];
  const body = JSON.stringify({ batch });
  const written = await fetch(`${url}/v1/batch`, { method: 'POST', headers: { 'x-write-key': writeKey }, body });
  const headers = { 'x-read-key': readKey, [POSITION_HEADER]: written.headers.get(POSITION_HEADER) ?? '' };
  const contact = async () => {
    const card = (await (await fetch(`${url}/v1/profiles/user_id:yuri/card`, { headers })).json()) as Loose;
    return card.lastContact.name;
  };
  expect(await contact()).toBe('Asked for zoe.canary@example.com');
  const erase = ['identity', 'erase', 'user_id:zoe', '--reason', 'request 7', '--yes', '--wait'];
  expect(await kenal(dataDir, erase)).toMatchObject({ code: 0 });
  expect(await contact()).toBe('Asked for erased');
});
