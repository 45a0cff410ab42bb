import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTaker } from './taker.ts';

const BYTES = 40_000_000;
const STALLED_MS = 400;

const server = createServer();
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => server.close());

/** An answer that is on its way: what becomes of it, and its reader, who has not begun to read. */
async function begin(): Promise<{ sent: Promise<string>; reader: IncomingMessage }> {
  const asked = request({ port: (server.address() as AddressInfo).port, agent: false }).end();
  const [, raw] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const body = Readable.from(Array.from({ length: BYTES / 1_000_000 }, () => Buffer.alloc(1_000_000)));
  const sent = pipeline(body, createTaker(raw, STALLED_MS)).then(
    () => {
      raw.end();
      return 'sent';
    },
    (error: Error) => error.message,
  );
  const [reader] = (await once(asked, 'response')) as [IncomingMessage];
  return { sent, reader };
}

test('who takes nothing is cut off', async () => {
  const { sent, reader } = await begin();
  expect(await sent).toBe('the client went away');
  await expect(reader.toArray()).rejects.toThrow(/aborted/);
});

test('who takes little, for longer than that, gets all of it', async () => {
  const { sent, reader } = await begin();
  let got = 0;
  const began = performance.now();
  for await (const chunk of reader) {
    got += (chunk as Buffer).length;
    const due = began + (got / BYTES) * 3 * STALLED_MS;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect([await sent, got]).toEqual(['sent', BYTES]);
});
