import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { KenalError } from '@kenal/errors';
import { describe, expect, test } from 'vitest';
import { startCollector, type TestOptions, WEB_KEY } from './test-support.ts';

let ids = 0;
const page = (over: object = {}) => ({ type: 'page', messageId: `pressed-${ids++}`, userId: 'u', ...over });

describe('under pressure', () => {
  test('too many bytes in hand: 503 with Retry-After, and room again when they are done', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using busy = await startCollector({
      bytesInFlight: 20_000,
      wrapLog: (log) => ({ ...log, append: (topic, records) => gate.then(() => log.append(topic, records)) }),
    });
    const body = { ...page(), properties: { text: 'x'.repeat(15_000) } };
    const first = busy.post('/v1/page', body);
    await expect.poll(async () => (await busy.post('/v1/page', body)).status).toBe(503);
    const refused = await busy.post('/v1/page', body);
    expect([refused.json.code, refused.headers.get('retry-after')]).toEqual(['overloaded', '1']);
    release();
    expect((await first).status).toBe(200);
    await expect.poll(async () => (await busy.post('/v1/page', body)).status).toBe(200);
  });

  test('small bodies fill the room as large ones do, and none takes any before it is whole', async () => {
    const gate = Promise.withResolvers<void>();
    const { watched, entered } = await startWatched(
      {
        bytesInFlight: 20_000,
        wrapLog: (log) => ({ ...log, append: (topic, records) => gate.promise.then(() => log.append(topic, records)) }),
      },
      20,
    );
    await using busy = watched;
    const head = `X-Write-Key: ${WEB_KEY}\r\nContent-Length: 4000`;
    const silent = Array.from({ length: 20 }, () => open(busy.url, head));
    await entered;
    const body = { ...page(), properties: { text: 'x'.repeat(3_000) } };
    const answers = Array.from({ length: 8 }, () => busy.post('/v1/page', { ...body, ...page() }));
    const refused = await Promise.race(answers);
    expect([refused.status, refused.json.code]).toEqual([503, 'overloaded']);
    gate.resolve();
    const statuses = (await Promise.all(answers)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 503, 503]);
    expect((await busy.post('/v1/page', page())).status).toBe(200);
    for (const socket of silent) socket.destroy();
  });

  const open = (url: string, head: string): Socket => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined); // it is cut off in the end
    socket.write(`POST /v1/batch HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
    return socket;
  };
  /** A collector that reports each request whose body it begins to read. */
  const startWatched = async (options: TestOptions, requests: number) => {
    const entered = Promise.withResolvers<void>();
    let seen = 0;
    const watched = await startCollector({ ...options, onEntered: () => ++seen === requests && entered.resolve() });
    return { watched, entered: entered.promise };
  };

  test('silent sockets take no room, however much they announce', async () => {
    const { watched, entered } = await startWatched({ drainTimeoutMs: 1 }, 16);
    await using silent = watched;
    const sockets = Array.from({ length: 16 }, () => open(silent.url, 'Content-Length: 4194304'));
    for (const socket of sockets) socket.write('{');
    await entered;
    expect((await silent.post('/v1/page', page())).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test('slow strangers fill the room and give way: who has a key is answered at once, and who shows it late as well', async () => {
    await using full = await startCollector({ bytesInFlight: 200_000, drainTimeoutMs: 1 });
    const upload = JSON.stringify({ batch: [page()], padding: 'x'.repeat(60_000) });
    const known = open(full.url, `X-Write-Key: ${WEB_KEY}\r\nConnection: close\r\nContent-Length: ${upload.length}`);
    known.write(upload.slice(0, 30_000));
    const pushedOut: string[] = [];
    const strangers = Array.from({ length: 40 }, () => {
      const socket = open(full.url, 'Content-Length: 100000');
      socket.on('data', (answer) => pushedOut.push(String(answer)));
      socket.write(' '.repeat(20_000));
      return socket;
    });
    await expect.poll(() => pushedOut.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(30);
    expect(pushedOut[0]).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"overloaded"/);
    const begun = performance.now();
    const properties = { text: 'x'.repeat(30_000) };
    const keyed = Array.from({ length: 4 }, () => full.post('/v1/page', page({ properties })));
    expect((await Promise.all(keyed)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const inBody = await full.post('/v1/page', page({ properties, writeKey: WEB_KEY }), { 'x-write-key': '' });
    expect(inBody.status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(5_000);
    known.write(upload.slice(30_000));
    expect(await text(known)).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of strangers) socket.destroy();
  });

  test('a chunked body counts as it arrives: over the room it is refused before its end', async () => {
    await using small = await startCollector({ bytesInFlight: 100_000 });
    const socket = open(small.url, 'Transfer-Encoding: chunked');
    socket.write(`${(200_000).toString(16)}\r\n${' '.repeat(200_000)}\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"overloaded"/);
    expect((await small.post('/v1/page', page())).status).toBe(200);
  });

  test('pipelined requests whose client is gone give their room back', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { watched, entered } = await startWatched(
      {
        bytesInFlight: 100_000,
        wrapLog: (log) => ({ ...log, append: (topic, records) => gate.then(() => log.append(topic, records)) }),
      },
      3,
    );
    await using piped = watched;
    const body = JSON.stringify({ batch: [page()], padding: 'x'.repeat(30_000) });
    const head = `X-Write-Key: ${WEB_KEY}\r\nContent-Length: ${body.length}`;
    const socket = open(piped.url, head);
    const next = `POST /v1/batch HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`;
    socket.write(body + next + body + next + body.slice(0, 20_000));
    await entered;
    socket.destroy();
    release();
    const large = { ...page(), properties: { text: 'x'.repeat(30_000) } };
    await expect.poll(async () => (await piped.post('/v1/batch', [large, large, large])).status).toBe(200);
  });

  test('stopping: a client that stalls is cut off at the deadline', async () => {
    const { watched, entered } = await startWatched({ drainTimeoutMs: 50 }, 1);
    await using leaving = watched;
    const socket = open(leaving.url, 'Content-Length: 4194304');
    await entered;
    await Promise.all([once(socket, 'close'), leaving.stop()]);
  });

  test('a log that is away: 503 and not ready, so that a client tries again, until it is back; nothing is lost or counted twice', async () => {
    let out = true;
    await using shaky = await startCollector({
      wrapLog: (log) => ({
        ...log,
        append: (topic, records) =>
          out ? Promise.reject(new KenalError('log_unavailable')) : log.append(topic, records),
      }),
    });
    const event = page();
    const answer = await shaky.post('/v1/page', event);
    expect([answer.status, answer.json.code, answer.headers.get('retry-after')]).toEqual([503, 'log_unavailable', '1']);
    const ready = async () => (await fetch(`${shaky.url}/readyz`)).status;
    expect(await ready()).toBe(503);
    out = false;
    expect((await shaky.post('/v1/page', event)).status).toBe(200);
    await expect.poll(ready).toBe(200);
    await shaky.stop();
    expect((await shaky.interactions()).map(({ receipt }) => receipt.sequence).sort()).toEqual([1, 2]);
    const counts = await shaky.receipts();
    expect(counts.at(-1)).toMatchObject({ received: 2, acknowledged: 2 });
  });

  test('stopping: what is in hand is answered, what is new is refused', async () => {
    let release: () => void = () => undefined;
    let reached: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const inHand = new Promise<void>((resolve) => {
      reached = resolve;
    });
    await using leaving = await startCollector({
      wrapLog: (log) => ({
        ...log,
        append: async (topic, records) => {
          reached();
          await gate;
          return log.append(topic, records);
        },
      }),
    });
    const first = leaving.post('/v1/page', page());
    await inHand;
    const stopped = leaving.stop();
    const refused = await leaving.post('/v1/page', page());
    expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([503, 'draining', '1']);
    release();
    expect((await first).status).toBe(200);
    await stopped;
    expect(await leaving.receipts()).toMatchObject([{ received: 1, acknowledged: 1 }]);
  });
});
