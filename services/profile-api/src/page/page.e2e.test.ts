import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { launchChromium } from '../../../../test/support/chromium.ts';
import { KEYS, startWorld, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ development: { readKey: KEYS.shop, writeKey: 'w"<&rite' } });
});
afterAll(async () => world[Symbol.asyncDispose]());

/** GET / with headers that `fetch` would not let through. */
function page(headers: Record<string, string> = {}): Promise<{ text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    request(world.url, { headers }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString('utf8');
      resolve({ text, headers: answer.headers });
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['a browser that opens the address', { 'sec-fetch-mode': 'navigate' }],
  ['a plain client', {}],
  ['localhost by name', { host: 'localhost:8080' }],
  ['localhost by its IPv6 address', { host: '[::1]:8080' }],
])('the developer’s own machine gets the development keys: %s', async (_who, headers) => {
  const { text } = await page(headers);
  expect(text).toContain(`&quot;readKey&quot;:&quot;${KEYS.shop}&quot;`);
  expect(text).toContain('w\\&quot;&lt;&amp;rite');
});

test.each([
  ['a name that was pointed at this machine', { host: 'evil.example:8080' }],
  ['a name that begins like a loopback one', { host: 'localhost.evil.example' }],
  ['a proxy', { 'x-forwarded-for': '203.0.113.9' }],
  ['another kind of proxy', { via: '1.1 proxy' }],
  ['a script of another page', { origin: 'https://evil.example' }],
  ['a script without an origin', { 'sec-fetch-mode': 'no-cors' }],
])('nobody else gets them: %s', async (_who, headers) => {
  const { text } = await page(headers);
  expect(text).not.toContain(KEYS.shop);
  expect(text).toContain('&quot;readKey&quot;:null');
});

test('the page runs no script and loads nothing but its own', async () => {
  const { headers, text } = await page();
  expect(headers['content-security-policy']).toMatch(
    /default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/,
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['access-control-allow-origin']).toBeUndefined();
  for (const [, path] of text.matchAll(/(?:src|href)="(\/[^"]+)"/g))
    expect((await fetch(`${world.url}${path}`)).status, path).toBe(200);
  expect(text).not.toMatch(/<script(?! type="module" src)|\son\w+=|<style/);
});

describe('in a browser', () => {
  const long = 'a-very-long-name-without-any-blank-in-it'.repeat(4);
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  beforeAll(async () => {
    const people = Array.from({ length: 10 }, (_, n) => ({
      ...{ id: `m${n}`, type: 'identify' as const, name: long, traits: JSON.stringify({ name: 'Ann', note: long }) },
      identifiers: [
        { type: 'user_id', value: `${long}${n}` },
        { type: 'email', value: `${long}${n}@example.com` },
      ],
    }));
    [browser] = await Promise.all([launchChromium(), world.feed('shop', people)]);
  });
  afterAll(() => browser.close());

  test.each([360, 1_280])(
    '%i pixels wide nothing is out of reach: no sideways scrolling, the whole line to copy, a person where it is asked for',
    async (width) => {
      await using context = await browser.newContext({ viewport: { width, height: 740 } });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: world.url });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(world.url);
      await page.locator('#feed button.person').first().click();
      await page.locator('#person-name', { hasText: 'Ann' }).waitFor();
      await expect.poll(async () => (await page.locator('#person-card').boundingBox())?.y).toBeLessThan(740);
      for (const question of await page.locator('#questions button').all()) {
        await question.click();
        await page.locator('#sql-note', { hasText: 'rows' }).waitFor();
      }
      const hidden = (selector: string) => page.$eval(selector, (box) => box.scrollWidth - box.clientWidth);
      expect([await hidden('html'), await hidden('pre')]).toEqual([0, 0]);
      await page.locator('#copy').click();
      await page.locator('#copy', { hasText: 'Copied' }).waitFor();
      const copied = await page.evaluate('navigator.clipboard.readText()');
      expect(copied).toBe(await page.locator('#curl').textContent());
      expect(copied).toMatch(new RegExp(`^curl ${world.url}/v1/track .* -u w"<&rite: .* -d '\\{"userId".*\\}'$`, 's'));
      await page.locator('#person-close').click();
      expect(await page.locator('#person-card').isHidden()).toBe(true);
      expect(faults).toEqual([]);
    },
  );

  test('the reference draws every group of the description, breaks no policy, and asks nobody but this host', async () => {
    await using context = await browser.newContext();
    const page = await context.newPage();
    const [faults, asked]: [string[], string[]] = [[], []];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (said) => said.type() === 'error' && faults.push(said.text()));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${world.url}/docs`);
    const { tags } = (await (await fetch(`${world.url}/openapi.json`)).json()) as { tags: { name: string }[] };
    for (const { name } of tags) await page.locator('aside, nav').getByText(name, { exact: true }).first().waitFor();
    for (const link of await page.locator('body > nav a').all())
      expect((await fetch(new URL((await link.getAttribute('href'))!, world.url))).status).toBe(200);
    expect(faults).toEqual([]);
    const elsewhere = asked.filter((url) => !url.startsWith('data:') && new URL(url).origin !== world.url);
    expect(elsewhere).toEqual([]);
  });

  test('a page of another origin gets the data of its person with a token, also why not, and nothing with a key', async () => {
    await using context = await browser.newContext();
    const page = await context.newPage();
    const other = createServer((_request, reply) =>
      reply.setHeader('content-type', 'text/html').end('<title>shop</title>'),
    );
    await once(other.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void other.close());
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    const ask = (path: string, key: string) =>
      page.evaluate(
        async ([url, bearer]) => {
          const headers = { authorization: `Bearer ${bearer}`, 'if-none-match': '"none"' };
          return fetch(url!, { headers }).then(
            async (reply) => `${reply.status} ${reply.headers.has('etag')} ${JSON.stringify(await reply.json())}`,
            () => 'blocked',
          );
        },
        [`${world.url}${path}`, key],
      );
    const person = `/v1/profiles/user_id:${long}1`;
    const { token } = (await (await world.post(`${person}/token`, {})).json()) as { token: string };
    expect(await ask('/v1/profiles/me', token)).toMatch(/^200 true .*Ann/);
    expect(await ask('/v1/profiles/me/timeline?limit=1', token)).toMatch(/^200 .*m1"/);
    expect(await ask('/v1/profiles/me', `${token}x`)).toMatch(/^401 .*unknown_key/);
    expect(await ask(person, token)).toBe('blocked');
    expect(await ask(person, KEYS.shop)).toBe('blocked');
  });
});
