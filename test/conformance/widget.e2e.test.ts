import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { createCollectorChat } from '@kenal/collector-chat';
import { hashKey } from '@kenal/service-kit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startVendorCollector, type TestVendorCollector } from '../support/vendor-collector.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const PUBLIC_KEY = 'public-key-0123456789';
const SECRET_KEY = 'secret-key-0123456789';

function startWidget(): Promise<TestVendorCollector> {
  const keys = [
    { key: hashKey(PUBLIC_KEY), scope: 'public' as const },
    { key: hashKey(SECRET_KEY), scope: 'secret' as const },
  ];
  return startVendorCollector(createCollectorChat, { sources: [{ id: 'chat', kind: 'widget', keys }] });
}

/** An agent answers. */
async function reply(collector: TestVendorCollector, body: object): Promise<unknown> {
  const headers = { 'x-write-key': SECRET_KEY };
  const url = `${collector.url}/v1/widget/shop/chat/reply`;
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

/** A line to the collector that can be cut. */
async function startLine(target: string) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createTcpServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(new URL(target).port), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one.on('error', () => undefined).once('close', () => other.destroy()));
      one.pipe(other);
    }
    return near;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      this.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page of another origin that allows no more than the widget needs, and embeds it. */
async function startSite(collectorUrl: string): Promise<Server & AsyncDisposable> {
  const policy = `default-src 'none'; script-src ${collectorUrl}; connect-src ${collectorUrl.replace('http', 'ws')}`;
  const page = `<!doctype html><title>Shop</title><h1>Shop</h1>
    <script async src="${collectorUrl}/v1/widget.js" data-write-key="${PUBLIC_KEY}" data-title="Talk to us"></script>`;
  const site = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      .end(page);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  return site;
}

async function openPage(site: Server): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  return page;
}

/**
 * Waits until the collector has so many interactions of that name, and gives them. One whose answer was cut off is sent
 * again and lies in the log twice, by one id: readers of the log count it once, and so does this.
 */
async function arrived(collector: TestVendorCollector, name: string, count: number) {
  const all = async () => {
    const named = (await collector.interactions()).filter((one) => one.name === name);
    return [...new Map(named.map((one) => [one.id, one])).values()];
  };
  await expect.poll(async () => (await all()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  return all();
}

test('a visitor talks and is answered on a page with a strict policy, as the person whom the tracking client knows', async () => {
  await using collector = await startWidget();
  await using site = await startSite(collector.url);
  const page = await openPage(site);
  const broken: string[] = [];
  page.on('console', (message) => message.type() === 'error' && broken.push(message.text()));
  page.on('pageerror', (error) => broken.push(error.message));
  await page.evaluate(() => localStorage.setItem('ajs_anonymous_id', '"anon-of-the-tracker"'));
  const toggle = page.getByRole('button', { name: 'Talk to us' });
  await toggle.click();
  expect(await toggle.getAttribute('aria-expanded')).toBe('true');
  const input = page.getByRole('textbox', { name: 'Your message' });
  await input.fill('Is it <b>in stock</b>?');
  await input.press('Enter');
  const [received] = await arrived(collector, 'Live Chat Message Received', 1);
  const [started] = await arrived(collector, 'Live Chat Conversation Started', 1);
  expect(received).toMatchObject({ anonymousId: 'anon-of-the-tracker', channel: 'chat', direction: 'inbound' });
  expect(received?.conversationId).toBe(started?.conversationId);
  expect(JSON.parse(received?.properties ?? '')).toMatchObject({ text: 'Is it <b>in stock</b>?' });

  const answer = {
    conversationId: received?.conversationId,
    text: 'Yes, <i>three</i>',
    agent: { id: 'a7', name: 'Dan' },
  };
  expect(await reply(collector, answer)).toMatchObject({ delivered: true });
  const log = page.getByRole('log', { name: 'Messages' });
  await log.getByText('Yes, <i>three</i>').waitFor();
  expect(await log.textContent()).toBe('You: Is it <b>in stock</b>?Dan: Yes, <i>three</i>');

  await input.press('Escape');
  expect(await page.evaluate('document.activeElement.shadowRoot.activeElement.textContent')).toBe('Talk to us');
  await toggle.click();
  await page.getByRole('button', { name: 'End chat' }).click();
  await arrived(collector, 'Live Chat Conversation Ended', 1);
  expect(broken).toEqual([]);
  await page.context().close();
});

test('what is written while the line is cut arrives once when it is mended, and, after a reload, from the next page', async () => {
  await using collector = await startWidget();
  await using line = await startLine(collector.url);
  await using site = await startSite(line.url);
  const page = await openPage(site);
  await page.getByRole('button', { name: 'Talk to us' }).click();
  const input = page.getByRole('textbox', { name: 'Your message' });
  await input.fill('first');
  await input.press('Enter');
  await arrived(collector, 'Live Chat Message Received', 1);
  line.cut();
  await page.getByText('Connecting …').waitFor();
  await input.fill('second');
  await input.press('Enter');
  line.mend();
  await arrived(collector, 'Live Chat Message Received', 2);

  line.cut();
  await page.getByText('Connecting …').waitFor();
  await input.fill('third');
  await input.press('Enter');
  line.mend();
  await page.reload();
  const received = await arrived(collector, 'Live Chat Message Received', 3);
  const texts = received.map(({ properties }) => JSON.parse(properties).text);
  expect(texts.sort()).toEqual(['first', 'second', 'third']);
  expect(new Set(received.map(({ conversationId }) => conversationId)).size).toBe(1);
  await page.context().close();
});

test('the script is less than 6 KB, may be embedded anywhere and leaves one name on the page', async () => {
  await using collector = await startWidget();
  const answer = await fetch(`${collector.url}/v1/widget.js`);
  expect((await answer.arrayBuffer()).byteLength).toBeLessThan(6 * 1024);
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  await using site = await startSite(collector.url);
  const page = await openPage(site);
  await page.getByRole('button', { name: 'Talk to us' }).waitFor();
  const added = await page.evaluate<string[]>(`
    const frame = document.body.appendChild(document.createElement('iframe'));
    const usual = new Set(Object.keys(frame.contentWindow));
    Object.keys(window).filter((name) => !usual.has(name));
  `);
  expect(added.filter((name) => name !== '0')).toEqual(['kenalChat']);
  await page.context().close();
});
