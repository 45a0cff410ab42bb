import { readdirSync, readFileSync } from 'node:fs';
import { createLogger, createMetrics } from '@kenal/service-kit';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { cpuMs } from '../testing/cpu.ts';
import { createReaderPool } from './pool.ts';
import { READERS, type ReaderName } from './readers.ts';

const RUNS = Number(process.env.KENAL_PROPERTY_RUNS ?? 300);
const FIXTURES = new URL('../mail/fixtures/', import.meta.url);
const CORPUS = readdirSync(FIXTURES).map((name) =>
  Buffer.from(readFileSync(new URL(name, FIXTURES), 'utf8').replace(/\n/g, '\r\n')),
);
const logger = createLogger({ name: 'test', level: 'silent' });
const pool = createReaderPool({ logger, metrics: createMetrics() });
afterAll(() => pool.close());

const parts = (count: number, body = 'a') =>
  `From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${`--x\r\n\r\n${body}\r\n`.repeat(count)}--x--\r\n`;

function nested(depth: number): string {
  let mail = 'From: a@b.c\r\n';
  for (let level = 0; level < depth; level++)
    mail += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`;
  return `${mail}\r\ntext\r\n`;
}

const rfc822 = (depth: number) => `${'From: a@b.c\r\nContent-Type: message/rfc822\r\n\r\n'.repeat(depth)}text\r\n`;

const BOMBS: readonly (readonly [name: string, mail: string])[] = [
  ['1,000 parts', parts(999)],
  ['10,000 parts', parts(10_000)],
  ['a million lines that look like boundaries', `From: a@b.c\r\n\r\n${'--x\r\n'.repeat(1_000_000)}`],
  ['30 levels', nested(30)],
  ['5,000 levels', nested(5_000)],
  ['1,000 mails in one another', rfc822(1_000)],
  ['10 MB of one line', `From: a@b.c\r\n\r\n${'a'.repeat(10_000_000)}`],
  ['10 MB of empty lines', `From: a@b.c\r\n\r\n${'\r\n'.repeat(5_000_000)}`],
  ['10 MB of headers', `From: a@b.c\r\n${'X: y\r\n'.repeat(1_700_000)}`],
  ['60 KB of one address list', `From: a@b.c\r\nTo: ${'<'.repeat(60_000)}\r\n\r\ntext`],
  ['60 KB of quotes', `From: ${'"\\'.repeat(30_000)}\r\n\r\ntext`],
  ['60 KB of comments', `From: ${'('.repeat(60_000)} a@b.c\r\n\r\ntext`],
  ['60 KB of encoded words', `From: a@b.c\r\nSubject: ${'=?UTF-8?Q?=41?= '.repeat(3_800)}\r\n\r\ntext`],
  ['60 KB of half an encoded word', `From: a@b.c\r\nSubject: ${'=?UTF-8?'.repeat(7_500)}\r\n\r\ntext`],
  ['60 KB of parameters', `From: a@b.c\r\nContent-Type: text/plain${'; a*0=b'.repeat(8_500)}\r\n\r\ntext`],
  [
    '10 MB of base64',
    `From: a@b.c\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'QUFB'.repeat(19)}\r\n`.repeat(128_000)}`,
  ],
  [
    '10 MB of quoted-printable',
    `From: a@b.c\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${'=41=\r\n'.repeat(1_600_000)}`,
  ],
  ['8 MB of open tags', `From: a@b.c\r\nContent-Type: text/html\r\n\r\n${'<a '.repeat(2_700_000)}`],
  ['8 MB of entities', `From: a@b.c\r\nContent-Type: text/html\r\n\r\n${'&amp;'.repeat(1_600_000)}`],
  [
    '9 MB of < beside HTML',
    `From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n${'<'.repeat(9_000_000)}\r\n--x\r\nContent-Type: text/html\r\n\r\na\r\n--x--\r\n`,
  ],
  ['every byte', `From: a@b.c\r\n\r\n${String.fromCharCode(...Array(256).keys())}`],
  ['nothing', ''],
  ['no header', '\r\n\r\ntext'],
];

test.each(BOMBS)('crafted mail ends as read or as a fault, and nobody waits for it: %s', async (_name, mail) => {
  const bytes = Buffer.from(mail, 'latin1');
  await pool.read('mime', CORPUS[0]!); // a thread that runs
  const began = performance.now();
  let end: unknown;
  const cpu = await cpuMs(async () => {
    const outcome = await pool.read('mime', bytes);
    end = outcome.ok || outcome.fault.code;
  });
  expect([true, 'bad_body']).toContain(end);
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(cpu).toBeLessThan(100);
});

test('a large delivery of a vendor costs the thread that answers next to nothing', async () => {
  const content = 'QUFB'.repeat(8_000_000);
  const body = Buffer.from(
    JSON.stringify({ From: 'a@b.c', FromFull: { Email: 'a@b.c' }, Attachments: [{ Name: 'a', Content: content }] }),
  );
  await pool.read('mime', CORPUS[0]!);
  let size: unknown;
  const cpu = await cpuMs(async () => {
    const outcome = await pool.read('postmark', body);
    size = outcome.ok && 'mail' in outcome.value ? outcome.value.mail.attachments[0]?.size : outcome;
  });
  expect(size).toBe(24_000_000);
  expect(cpu).toBeLessThan(250); // copying 32 MB
});

test('JSON that would fill the memory is refused before it is parsed', async () => {
  const body = Buffer.from(`{"From":"a@b.c","Headers":[${'{"a":[[],[],[]]},'.repeat(2_000_000)}0]}`);
  expect(await pool.read('postmark', body)).toMatchObject({ ok: false, fault: { code: 'bad_body' } });
});

test('a body that takes too long, or too much memory, is given up with its thread, and the next is read', async () => {
  const metrics = createMetrics();
  const fast = createReaderPool({ logger, metrics, timeoutMs: 5 });
  const slow = Buffer.from(parts(999, 'a\r\n'.repeat(3_000)));
  const late = await fast.read('mime', slow);
  expect(late).toMatchObject({ ok: false, fault: { code: 'bad_body', reason: expect.stringContaining('0.005 s') } });
  await fast.close();

  const small = createReaderPool({ logger, metrics, heapMb: 24, timeoutMs: 60_000 });
  const large = await small.read('mime', Buffer.from(`From: a@b.c\r\n\r\n${'a\r\n'.repeat(400_000)}`));
  expect(large).toMatchObject({ ok: false, fault: { code: 'bad_body', reason: expect.stringContaining('24 MB') } });
  const next = await Promise.all([small.read('mime', CORPUS[0]!), small.read('mime', CORPUS[1]!)]);
  expect(next.map(({ ok }) => ok)).toEqual([true, true]);
  await small.close();
  const { text } = await metrics.render();
  expect(text).toMatch(/kenal_mail_reader_killed_total\{why="time"\} 1/);
  expect(text).toMatch(/kenal_mail_reader_killed_total\{why="memory"\} 1/);
});

test('a pool that is closed tells whoever waits, and takes nothing more', async () => {
  const closing = createReaderPool({ logger, metrics: createMetrics() });
  const waiting = [closing.read('mime', CORPUS[0]!), closing.read('mime', CORPUS[1]!)];
  const ends = Promise.allSettled(waiting);
  await closing.close();
  for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'draining' } });
  await expect(closing.read('mime', CORPUS[0]!)).rejects.toMatchObject({ code: 'draining' });
});

const mutated = fc
  .tuple(
    fc.constantFrom(...CORPUS),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 12 })), { minLength: 1, maxLength: 8 }),
  )
  .map(([mail, changes]) => {
    let bytes: Buffer = mail;
    for (const [where, how, piece] of changes) {
      const at = where % (bytes.length + 1);
      const rest = bytes.subarray(how === 0 ? at : Math.min(bytes.length, at + piece.length * how));
      bytes = Buffer.concat([bytes.subarray(0, at), how === 3 ? bytes.subarray(at, at + 40) : piece, rest]);
    }
    return bytes;
  });

test('mail that was changed at any place is read or is a fault, within 100 ms', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async (bytes) => {
      let end: unknown;
      const cpu = await cpuMs(async () => {
        const outcome = await READERS.mime(bytes);
        end = outcome.ok || outcome.fault.code;
      });
      expect([true, 'bad_body']).toContain(end);
      expect(cpu).toBeLessThan(100);
    }),
    { numRuns: RUNS },
  );
});

test('any bytes, of any content type, are read or are a fault', async () => {
  const names = fc.constantFrom(...(Object.keys(READERS) as ReaderName[]));
  const types = fc.constantFrom(
    '',
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=x',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.constantFrom('--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nFrom: a@b.c\r\n\r\nx\r\n--x--\r\n'),
  );
  await fc.assert(
    fc.asyncProperty(names, types, text, async (name, type, body) => {
      const outcome = await READERS[name](Buffer.from(body), type);
      expect(typeof outcome.ok).toBe('boolean');
    }),
    { numRuns: RUNS },
  );
});
