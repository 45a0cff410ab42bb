import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPost, type Post } from './post.ts';
import { type Receiver, startReceiver } from './testing/receiver.ts';

let receiver: Receiver;
let post: Post;
/** What the resolver says next. */
let addresses: readonly string[] = [];
let asked = 0;
beforeAll(async () => {
  receiver = await startReceiver();
  post = createPost({
    timeoutMs: 400,
    resolve: async () => {
      asked += 1;
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  });
});
afterAll(() => receiver?.[Symbol.asyncDispose]());

const send = (url: string, allowsLoopback = true) => post({ url, allowsLoopback, headers: {}, body: '{}' });

test.each([
  ['a private one', ['10.0.0.1']],
  ['the metadata service', ['169.254.169.254']],
  ['one that is good and one that is not', ['93.184.215.14', '192.168.1.1']],
  ['a v4-mapped one', ['::ffff:10.0.0.1']],
  ['none', []],
])('a name whose addresses are %s gets nothing', async (_what, found) => {
  addresses = found;
  expect(await send('https://hooks.example.com/', true)).toMatchObject({
    status: 0,
    error: expect.stringContaining('hooks.example.com'),
  });
});

test('a name is resolved once for each attempt, and looked at each time: rebinding leads nowhere', async () => {
  const { port } = new URL(receiver.url);
  const url = `http://localhost:${port}/rebind`;
  addresses = ['127.0.0.1'];
  asked = 0;
  expect(await send(url)).toMatchObject({ status: 204, error: '' });
  expect(asked).toBe(1);
  addresses = ['10.0.0.1'];
  expect((await send(url)).error).toContain('private network');
  expect(receiver.of('/rebind')).toHaveLength(1);
});

test('the connection goes to the address that was looked at, and to no other that the name may have', async () => {
  addresses = ['127.0.0.1'];
  // Nobody else knows this name; it ends in the TLS handshake with a server that speaks plain HTTP
  const { error } = await send(`https://hooks.kenal.invalid:${new URL(receiver.url).port}/`);
  expect(error).toMatch(/ssl|tls|packet|version/i);
});

test('without leave nothing goes to the loopback, whatever the name', async () => {
  addresses = ['127.0.0.1'];
  for (const url of [receiver.url, 'https://hooks.example.com/', 'https://2130706433/'])
    expect((await send(url, false)).status).toBe(0);
  expect(receiver.of('/')).toEqual([]);
});

test('a redirect is an answer and leads nowhere; `retry-after` is read in both forms', async () => {
  receiver.answer('/moved', (_received, reply) => {
    reply.writeHead(302, { location: `${receiver.url}/inside` }).end();
    return undefined;
  });
  expect(await send(`${receiver.url}/moved`)).toMatchObject({
    status: 302,
    error: 'answered 302; redirects are not followed',
  });
  expect(receiver.of('/inside')).toEqual([]);
  const in90 = new Date(Date.now() + 90_000).toUTCString();
  for (const [value, least] of [
    ['30', 30_000],
    [in90, 80_000],
    ['soon', 0],
  ] as const) {
    receiver.answer('/later', (_received, reply) => {
      reply.writeHead(429, { 'retry-after': value }).end();
      return undefined;
    });
    const { retryAfterMs } = await send(`${receiver.url}/later`);
    expect(retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(retryAfterMs).toBeLessThanOrEqual(least + 10_000);
  }
});

test('who hangs, who drips, who breaks off and who sends without end is let go, and the status that came is the answer', async () => {
  // `/drip-410`: how the body goes on after which status
  const server = createServer((request, reply) => {
    const [, how, status] = (request.url ?? '').split(/[/-]/);
    if (how === 'hang') return;
    reply.writeHead(Number(status)).write('x');
    if (how === 'break') reply.write('x', () => reply.destroy());
    if (how === 'silence' || how === 'break') return;
    const write = setInterval(() => reply.write(how === 'drip' ? 'x' : 'y'.repeat(65_536)), 10);
    reply.on('close', () => clearInterval(write));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers = await Promise.all(
    ['hang', 'silence-200', 'drip-200', 'break-202', 'silence-410', 'drip-410', 'flood-500'].map(async (path) => {
      const { status, error, head } = await send(`${url}/${path}`);
      return [path, status, error, head.slice(0, 1)];
    }),
  );
  expect(answers).toEqual([
    ['hang', 0, 'no answer within 0.4 s', ''],
    ['silence-200', 200, '', 'x'],
    ['drip-200', 200, '', 'x'],
    ['break-202', 202, '', 'x'],
    ['silence-410', 410, 'answered 410', 'x'],
    ['drip-410', 410, 'answered 410', 'x'],
    ['flood-500', 500, 'answered 500', 'x'],
  ]);
  expect((await send(`${url}/flood-500`)).head).toHaveLength(1_000);
  server.closeAllConnections();
  server.close();
});
