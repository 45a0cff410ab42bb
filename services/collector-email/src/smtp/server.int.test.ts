import type { EventLog } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { STEWARD_KEY } from '../../../../test/support/vendor-collector.ts';
import { KEY, SECOND_KEY, startMailCollector } from './testing/mail-collector.ts';
import { openSmtp } from './testing/smtp-client.ts';

const MAIL = [
  'From: Ann Lee <ann@x.example>',
  'To: help@shop.example',
  'Message-ID: <m1@x.example>',
  'Date: Mon, 30 Nov 2026 10:00:00 +0000',
  'Subject: Where is my order?',
  '',
  'It is late.',
  '',
].join('\r\n');

async function hello(url: string) {
  const client = await openSmtp(url);
  await client.reply();
  await client.say('EHLO there.example');
  return client;
}

async function addressed(url: string, ...keys: string[]) {
  const client = await hello(url);
  await client.say('MAIL FROM:<ann@x.example>');
  for (const key of keys) expect(await client.say(`RCPT TO:<${key}@in.shop.example>`)).toMatch(/^250/);
  return client;
}

test('a mail sent by a usual program is one interaction of its author, acknowledged once it is durable', async () => {
  await using collector = await startMailCollector();
  const { port } = new URL(collector.smtpUrl);
  const transport = createTransport({ host: '127.0.0.1', port: Number(port), ignoreTLS: true });
  const sent = await transport.sendMail({
    from: 'Ann Lee <ann@x.example>',
    to: `help@shop.example`,
    envelope: { from: 'ann@x.example', to: `any+${KEY}@in.shop.example` },
    messageId: '<m1@x.example>',
    date: new Date('2026-11-30T10:00:00Z'),
    subject: 'Grüße',
    text: 'It is late.\n\nOn Sun, 29 Nov 2026 at 9:00, Help <help@shop.example> wrote:\n> We send it today.\n',
    attachments: [{ filename: 'bill.txt', content: 'four pounds' }],
  });
  transport.close();
  expect(sent.response).toContain('250');
  expect(await collector.interactions()).toMatchObject([
    {
      id: 'm1@x.example#ann@x.example',
      source: 'inbox',
      channel: 'email',
      direction: 'inbound',
      name: 'Email Received',
      identifiers: [{ type: 'email', value: 'ann@x.example' }],
      participants: [{ role: 'to', identifiers: [{ type: 'email', value: 'help@shop.example' }] }],
      conversationId: 'm1@x.example',
      traits: '{"name":"Ann Lee"}',
    },
  ]);
  const [interaction] = await collector.interactions();
  expect(JSON.parse(interaction?.properties ?? '')).toMatchObject({
    email_subject: 'Grüße',
    text: 'It is late.',
    attachments: [{ name: 'bill.txt', type: 'text/plain', size: 11 }],
  });
});

test('a mail that is posted with the key of its source is the same as one that came by SMTP', async () => {
  await using collector = await startMailCollector();
  const posted = await collector.deliver('inbox', MAIL, { 'x-write-key': KEY, 'content-type': 'message/rfc822' });
  expect(await posted.json()).toMatchObject({ accepted: 1 });
  expect(await collector.interactions()).toMatchObject([{ id: 'm1@x.example#ann@x.example', direction: 'inbound' }]);
  expect((await collector.deliver('inbox', MAIL, { 'x-write-key': SECOND_KEY })).status).toBe(403);
});

test('an address without a live key of a mail source is refused, and each source gets a mail once', async () => {
  await using collector = await startMailCollector();
  await using client = await addressed(collector.smtpUrl, KEY, `x+${KEY}`, SECOND_KEY);
  for (const nobody of ['nobody@in.shop.example', 'kw_off-0123456789@in.shop.example', `${KEY}x@in.shop.example`])
    expect(await client.say(`RCPT TO:<${nobody}>`)).toMatch(/^550/);
  expect(await client.say('DATA')).toMatch(/^354/);
  expect(await client.say(`${MAIL}.`)).toMatch(/^250 2\.6\.0/);
  const sources = (await collector.interactions()).map(({ source }) => source).sort();
  expect(sources).toEqual(['inbox', 'second']);
  expect(await collector.metrics()).toContain('kenal_collector_refused_total{code="unknown_key"} 3');
});

test('a mail that hides a second one behind a line end that servers disagree on is refused as one', async () => {
  await using collector = await startMailCollector();
  for (const body of [
    'a\nb',
    'a\rb',
    'a\n.\nMAIL FROM:<evil@x.example>\r\n',
    'a\n.\r\nMAIL FROM:<evil@x.example>\r\n',
    'a\r.\rMAIL FROM:<evil@x.example>\r\n',
    'a\r\n.\nMAIL FROM:<evil@x.example>\r\n',
    'a\r\n.\rMAIL FROM:<evil@x.example>\r\n',
    'a\n\n.\r\nb',
    'a\r\r\n.\r\r\nb',
  ]) {
    await using client = await addressed(collector.smtpUrl, KEY);
    await client.say('DATA');
    const whole = Buffer.from(`${MAIL}${body}\r\n.\r\n`, 'latin1');
    client.send(whole.subarray(0, whole.length - 12));
    await new Promise((resolve) => setImmediate(resolve));
    client.send(whole.subarray(whole.length - 12));
    expect([body, (await client.reply()).slice(0, 3)]).toEqual([body, '550']);
    expect(await client.say('NOOP')).toMatch(/^250/);
  }
  expect([await collector.interactions(), await collector.failed()]).toEqual([[], []]);
});

test('a mail over 10 MB is refused where its size is told, and where it is not, without being kept', async () => {
  await using collector = await startMailCollector({ limits: { mailBytes: 100_000 } });
  await using client = await hello(collector.smtpUrl);
  expect(await client.say('MAIL FROM:<ann@x.example> SIZE=100001')).toMatch(/^552/);
  await client.say('MAIL FROM:<ann@x.example>');
  await client.say(`RCPT TO:<${KEY}@in.shop.example>`);
  await client.say('DATA');
  client.send(MAIL + `${'a'.repeat(70)}\r\n`.repeat(1_800));
  expect(await client.say('.')).toMatch(/^552/);
  expect(await client.say('NOOP')).toMatch(/^250/);
  await client.say('MAIL FROM:<ann@x.example>');
  await client.say(`RCPT TO:<${KEY}@in.shop.example>`);
  await client.say('DATA');
  client.send(`${'a'.repeat(70)}\r\n`.repeat(5_000));
  expect(await client.closed).toBe('');
  expect(await collector.interactions()).toEqual([]);
});

test('commands that are sent at once are answered in order, and what follows a mail is a command again', async () => {
  await using collector = await startMailCollector();
  await using client = await hello(collector.smtpUrl);
  const one = `MAIL FROM:<ann@x.example>\r\nRCPT TO:<${KEY}@in.shop.example>\r\nDATA\r\n${MAIL}.\r\n`;
  client.send(`${one + one.replace('m1@x', 'm2@x')}QUIT\r\n`);
  const codes: string[] = [];
  for (let count = 0; count < 9; count++) codes.push((await client.reply()).slice(0, 3));
  expect(codes).toEqual(['250', '250', '354', '250', '250', '250', '354', '250', '221']);
  expect((await collector.interactions()).map(({ id }) => id)).toEqual([
    'm1@x.example#ann@x.example',
    'm2@x.example#ann@x.example',
  ]);
});

test('where the log is away the mail is asked for again, and the copies are one', async () => {
  let away = true;
  const wrapLog = (log: EventLog): EventLog => ({
    ...log,
    append: (topic, records) =>
      away && topic.includes('interactions')
        ? Promise.reject(new KenalError('log_unavailable'))
        : log.append(topic, records),
  });
  await using collector = await startMailCollector({}, { wrapLog });
  await using client = await addressed(collector.smtpUrl, KEY);
  await client.say('DATA');
  expect(await client.say(`${MAIL}.`)).toMatch(/^451/);
  away = false;
  await client.say('MAIL FROM:<ann@x.example>');
  await client.say(`RCPT TO:<${KEY}@in.shop.example>`);
  await client.say('DATA');
  expect(await client.say(`${MAIL}.`)).toMatch(/^250/);
  expect(new Set((await collector.interactions()).map(({ id }) => id))).toEqual(
    new Set(['m1@x.example#ann@x.example']),
  );
});

test('what cannot be read is kept whole and acknowledged, and can be sent again', async () => {
  await using collector = await startMailCollector();
  await using client = await addressed(collector.smtpUrl, KEY);
  await client.say('DATA');
  const broken = `Subject: no author\r\n\r\ntext\r\n`;
  expect(await client.say(`${broken}.`)).toMatch(/^250/);
  const headers = `X-Big: ${'a'.repeat(70_000)}\r\n${MAIL}`;
  await client.say('MAIL FROM:<>');
  await client.say(`RCPT TO:<${KEY}@in.shop.example>`);
  await client.say('DATA');
  expect(await client.say(`${headers}.`)).toMatch(/^250/);
  const failed = await collector.failed();
  expect(failed.map(({ code, path, contentType, body }) => [code, path, contentType, body.length > 100])).toEqual([
    ['event_missing_field', '$.from', 'application/vnd.kenal.item+json', true],
    ['bad_body', '$', 'message/rfc822', true],
  ]);
  const [part, whole] = failed;
  expect(Buffer.from(whole?.body ?? '').toString()).toBe(headers);
  // The envelope with it, as far as it is read, and never the key that its address is
  const envelope = { 'x-kenal-recipients': '…@in.shop.example' };
  expect(JSON.parse(whole?.frame ?? '')).toEqual({ headers: { ...envelope, 'x-kenal-sender': '<>' } });
  expect(JSON.parse(Buffer.from(part?.body ?? '').toString()).headers).toMatchObject(envelope);
  const { failureId, contentType, frame } = whole!;
  const mail = MAIL.replace('ann@x.example', 'help@in.shop.example').replace('help@shop.example', 'ann@x.example');
  const told = { failureId, contentType, frame, receivedAt: '2026-11-30T12:00:00Z' };
  const body = JSON.stringify({ ...told, body: Buffer.from(mail).toString('base64') });
  const steward = { authorization: `Bearer ${STEWARD_KEY}` };
  expect((await collector.deliver('inbox', body, steward, '/failed/replay')).status).toBe(200);
  // Its domain is ours by the envelope alone
  expect(await collector.interactions()).toMatchObject([{ direction: 'outbound' }]);
  expect(await collector.deliveries('inbox')).toMatchObject([
    { method: 'SMTP', status: 250, outcome: 'refused', code: 'bad_body' },
    { method: 'SMTP', status: 250, outcome: 'refused', code: 'event_missing_field' },
  ]);
});

test('a mail that is crafted to take for ever is kept as a failed event, and the next one is taken', async () => {
  await using collector = await startMailCollector({}, { reading: { timeoutMs: 1_000 } });
  await using client = await addressed(collector.smtpUrl, KEY);
  await client.say('DATA');
  // Converting so many of these into HTML takes postal-mime 4.0.0 longer than a mail may
  const crafted = `From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n${'<'.repeat(10_000_000)}\r\n--x\r\nContent-Type: text/html\r\n\r\na\r\n--x--\r\n`;
  expect(await client.say(`${crafted}.`)).toMatch(/^250/);
  for (const line of ['MAIL FROM:<ann@x.example>', `RCPT TO:<${KEY}@in.shop.example>`, 'DATA']) await client.say(line);
  expect(await client.say(`${MAIL}.`)).toMatch(/^250/);
  expect(await collector.failed()).toMatchObject([{ code: 'bad_body', reason: expect.stringContaining('1 s') }]);
  expect(await collector.interactions()).toMatchObject([{ id: 'm1@x.example#ann@x.example' }]);
});

test('a mail that is whole when the server stops is finished', async () => {
  const { promise: arrived, resolve: onArrival } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const wrapLog = (log: EventLog): EventLog => ({
    ...log,
    append: async (topic, records) => {
      if (topic.includes('interactions')) {
        onArrival();
        await released;
      }
      return log.append(topic, records);
    },
  });
  const collector = await startMailCollector({}, { wrapLog });
  await using client = await addressed(collector.smtpUrl, KEY);
  await client.say('DATA');
  client.send(`${MAIL}.\r\n`);
  await arrived;
  const stopped = collector[Symbol.asyncDispose]();
  release();
  expect(await client.reply()).toMatch(/^250/);
  await stopped;
});
