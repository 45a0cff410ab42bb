import { createLogger, createMetrics } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { KEY, SECOND_KEY, startMailCollector } from '../smtp/testing/mail-collector.ts';
import { createReaderPool } from './pool.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const MAIL = Buffer.from('From: ann@x.example\r\n\r\nhello\r\n');
// Converting so many of these into HTML takes postal-mime 4.0.0 longer than a mail may
const CRAFTED = Buffer.from(
  `From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n${'<'.repeat(9_500_000)}\r\n--x\r\nContent-Type: text/html\r\n\r\na\r\n--x--\r\n`,
);
const of = (id: string) => [{}, { workspace: 'shop', id }] as const;

test('while one source floods with crafted mail, the mail of another waits for none of it', async () => {
  const pool = createReaderPool({ logger, metrics: createMetrics() });
  let done = 0;
  const flood = Array.from({ length: 4 }, () =>
    pool.read('mime', CRAFTED, ...of('flood')).finally(() => {
      done++;
    }),
  );
  const ends = Promise.allSettled(flood);
  expect(await pool.read('mime', MAIL, ...of('inbox'))).toMatchObject({ ok: true });
  expect(await pool.read('mime', MAIL, ...of('inbox'))).toMatchObject({ ok: true });
  expect(done).toBe(0);
  await pool.close();
  for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'draining' } });
});

test('what waits is bounded by source: where one is full, another is taken', async () => {
  const pool = createReaderPool({ logger, metrics: createMetrics() });
  const reads = Array.from({ length: 258 }, () => pool.read('mime', MAIL, ...of('flood')));
  const ends = Promise.allSettled(reads);
  expect(await pool.read('mime', MAIL, ...of('inbox'))).toMatchObject({ ok: true });
  const refused = (await ends).filter((end) => end.status === 'rejected');
  expect(refused).toMatchObject([{ reason: { code: 'overloaded' } }]);
  await pool.close();
});

test('a delivery by HTTP waits for none of another source', async () => {
  await using collector = await startMailCollector({}, { reading: { timeoutMs: 700 } });
  const post = (source: string, key: string, mail: Buffer) => {
    const headers = { 'x-write-key': key, 'content-type': 'message/rfc822' };
    return collector.deliver(source, mail, headers);
  };
  let done = 0;
  const flood = Array.from({ length: 3 }, () =>
    post('inbox', KEY, CRAFTED).finally(() => {
      done++;
    }),
  );
  await Promise.race(flood); // all have come by the time the first is given up
  expect((await post('second', SECOND_KEY, MAIL)).status).toBe(200);
  expect(done).toBeLessThan(flood.length);
  await Promise.all(flood);
});
