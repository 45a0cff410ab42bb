import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { KenalError } from '@kenal/errors';
import { afterEach, expect, test } from 'vitest';
import { createHealth } from './health.ts';
import { createHttpHost, type HttpHost, type HttpHostOptions } from './http-host.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';

const hosts: HttpHost[] = [];
afterEach(async () => void (await Promise.all(hosts.splice(0).map((host) => host.close()))));

function host(port = 0, onTaken: 'next' | 'fail' = 'fail', timeouts: Partial<HttpHostOptions> = {}) {
  const health = createHealth();
  const made = createHttpHost({
    logger: createLogger({ name: 'test', level: 'silent' }),
    health,
    metrics: createMetrics(),
    version: '1',
    host: '127.0.0.1',
    port,
    onTaken,
    ...timeouts,
  });
  hosts.push(made);
  return { ...made, health };
}

test('readiness names the dependency that fails, and turns when the process drains', async () => {
  const { listen, health } = host();
  health.add('log', () => null);
  const url = await listen();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  health.add('warehouse', () => 'connection refused');
  const answer = await fetch(`${url}/readyz?verbose`);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('[-] warehouse: connection refused');
  health.add('warehouse', () => null);
  health.drain();
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
});

test('every error body carries code and message, whatever went wrong', async () => {
  const { listen, app } = host();
  app.post('/refuse', () => {
    throw new KenalError('rate_limited', 'this key', { path: '$.x' });
  });
  app.post('/crash', () => {
    throw new Error('a secret detail');
  });
  app.get('/of/:ref', () => 'found');
  const url = await listen();
  const refused = await fetch(`${url}/refuse`, { method: 'POST' });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', path: '$.x' });
  const crashed = await fetch(`${url}/crash`, { method: 'POST' });
  expect(crashed.status).toBe(500);
  expect(await crashed.text()).not.toContain('secret');
  expect(await (await fetch(`${url}/nothing`)).json()).toMatchObject({ code: 'not_found', status: 404 });
  for (const path of ['of/%ED%A0%80', '%ED%A0%80', `of/${'x'.repeat(7_000)}`]) {
    const misspelt = await fetch(`${url}/${path}`);
    expect(misspelt.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await misspelt.json()).toMatchObject({
      code: 'bad_query',
      status: 400,
      message: expect.stringContaining('the path'),
    });
  }
});

test('a taken port is an error where it was asked for, and the next free one where it was a default', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const taken = (squatter.address() as { port: number }).port;
  await expect(host(taken).listen()).rejects.toMatchObject({ code: 'port_taken' });
  expect(new URL(await host(taken, 'next').listen()).port).not.toBe(String(taken));
  squatter.close();
});

test('who asks for nothing that we have is answered before the body has come', async () => {
  const socket = connect(Number(new URL(await host().listen()).port), '127.0.0.1');
  socket.write('POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n{');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 404 /);
  socket.destroy();
});

test('what Node refuses before a handler hears of it has code and message too, and a body over the limit is not read', async () => {
  const { listen, app } = host(0, 'fail', { bodyLimit: 100 });
  app.post('/take', () => 'taken');
  const port = Number(new URL(await listen()).port);
  const answerTo = async (request: string) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(request);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), ...(JSON.parse(body) as { code: string; message: string }) };
  };
  const post = (headers: string) => `POST /take HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n`;
  expect(await answerTo(post(`X: ${'x'.repeat(20_000)}`))).toMatchObject({ status: 431, code: 'headers_too_large' });
  expect(await answerTo('what?\r\n\r\n')).toMatchObject({ status: 400, code: 'bad_query' });
  expect(await answerTo(post('Expect: the worst'))).toMatchObject({ status: 417, code: 'bad_query' });
  for (const length of ['101', '70000000', '99999999999999'])
    expect(await answerTo(post(`Content-Length: ${length}`))).toMatchObject({ status: 413, code: 'body_too_large' });
});

const STALLED = 'POST /take HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{';

test('a request that does not arrive is given up: 408, and its connection closed', async () => {
  const { listen, app } = host(0, 'fail', { requestTimeoutMs: 50 });
  app.post('/take', () => 'taken');
  const socket = connect(Number(new URL(await listen()).port), '127.0.0.1');
  socket.write(STALLED);
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 408, code: 'request_timeout' });
});

test('a host that closes waits for a stalled client no longer than its deadline', async () => {
  const { listen, app, close } = host(0, 'fail', { closeTimeoutMs: 50 });
  const entered = Promise.withResolvers<void>();
  app.addHook('onRequest', (_request, _reply, done) => {
    entered.resolve();
    done();
  });
  app.post('/take', () => 'taken');
  const socket = connect(Number(new URL(await listen()).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(STALLED);
  await entered.promise;
  await Promise.all([once(socket, 'close'), close()]);
});

// Broke EventSource, which gives up at the 503 of a server that stops: it had come back by a connection opened ahead
test('a connection by which nobody has asked anything does not hold up the end', async () => {
  const { listen, close } = host(0);
  const socket = connect(Number(new URL(await listen()).port), '127.0.0.1');
  await once(socket, 'connect');
  const began = performance.now();
  await Promise.all([once(socket, 'close'), close()]);
  expect(performance.now() - began).toBeLessThan(2_000);
});
