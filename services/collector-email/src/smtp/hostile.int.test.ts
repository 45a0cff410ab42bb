import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY, startMailCollector, type TestMailCollector } from './testing/mail-collector.ts';
import { openSmtp } from './testing/smtp-client.ts';

const RUNS = Math.min(100, Number(process.env.KENAL_PROPERTY_RUNS ?? 40));
let collector: TestMailCollector;
beforeAll(async () => {
  collector = await startMailCollector({
    limits: { connections: 5_000, connectionsPerAddress: 5_000, mailsPerMinute: 1e9, connectionMs: 20_000 },
  });
});
afterAll(() => collector[Symbol.asyncDispose]());

const command = fc.oneof(
  fc.constantFrom(
    'EHLO there',
    'HELO there',
    'MAIL FROM:<ann@x.example>',
    'MAIL FROM:<>',
    'MAIL FROM:<ann@x.example> SIZE=99999999999999999999',
    `RCPT TO:<${KEY}@in.shop.example>`,
    'RCPT TO:<nobody@in.shop.example>',
    'DATA',
    'RSET',
    'NOOP',
    'VRFY ann',
    'STARTTLS',
    'BDAT 5 LAST',
    '.',
    '..',
    '',
    'From: ann@x.example',
    'Message-ID: <f@x>',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const end = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n.\r\n', '\n.\n');
const stream = fc
  .array(fc.tuple(command, end), { maxLength: 40 })
  .map((lines) => lines.map(([line, ending]) => line + ending).join(''));

/** Everything that came in as a mail, whatever became of it. */
const counted = async (): Promise<number> =>
  (await collector.interactions()).length + (await collector.failed()).length;

test('any stream of commands, cut at any place, leaves a server that takes the next mail and has counted each', async () => {
  let acknowledged = 0;
  await fc.assert(
    fc.asyncProperty(stream, fc.nat(), async (bytes, where) => {
      await using client = await openSmtp(collector.smtpUrl);
      await client.reply();
      const whole = Buffer.from(bytes, 'latin1');
      const at = where % (whole.length + 1);
      client.send(whole.subarray(0, at));
      await new Promise((resolve) => setImmediate(resolve));
      client.send(whole.subarray(at));
      client.send('\r\n.\r\nQUIT\r\n');
      const said = await client.closed;
      acknowledged += said.match(/^250 2\.6\.0 /gm)?.length ?? 0;
      for (const line of said.split('\r\n')) expect(line).toMatch(/^(?:\d{3}[ -].*)?$/);
    }),
    { numRuns: RUNS },
  );
  await using client = await openSmtp(collector.smtpUrl);
  await client.reply();
  for (const line of ['EHLO there', 'MAIL FROM:<a@x.example>', `RCPT TO:<${KEY}@in.shop.example>`, 'DATA'])
    await client.say(line);
  expect(await client.say('From: a@x.example\r\n\r\nhello\r\n.')).toMatch(/^250/);
  expect(await counted()).toBe(acknowledged + 1);
});

test('who goes away in the middle of a mail leaves nothing behind', async () => {
  const before = await counted();
  for (const cut of ['From: a@x.ex', 'From: a@x.example\r\n\r\nhello\r\n', 'From: a@x.example\r\n\r\nhello\r\n.', '']) {
    const client = await openSmtp(collector.smtpUrl);
    await client.reply();
    for (const line of ['EHLO there', 'MAIL FROM:<a@x.example>', `RCPT TO:<${KEY}@in.shop.example>`, 'DATA'])
      await client.say(line);
    client.send(cut);
    await client[Symbol.asyncDispose]();
    await client.closed;
  }
  expect(await counted()).toBe(before);
  // It is the client's doing: no fault of ours that somebody must look at
  const metrics = await collector.metrics();
  expect(metrics).toMatch(/kenal_collector_refused_total\{[^}]*code="cut_off"/);
  expect(metrics).not.toMatch(/kenal_collector_refused_total\{[^}]*code="internal"/);
});
