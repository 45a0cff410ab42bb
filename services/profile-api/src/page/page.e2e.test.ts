import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
