import { createAuthority, issue } from '@kenal/collector-kit/testing';
import { expect, test } from 'vitest';
import { KEY, startMailCollector } from './testing/mail-collector.ts';
import { openSmtp } from './testing/smtp-client.ts';

const TO = `RCPT TO:<${KEY}@in.shop.example>`;
const MAIL = 'From: ann@x.example\r\nMessage-ID: <m1@x>\r\n\r\nhello\r\n';

async function certificate() {
  const now = Date.now();
  const { pem, key } = await issue(await createAuthority('mail', now), now, { names: ['mx.shop.example'] });
  return { cert: Buffer.from(pem), key: Buffer.from(key.export({ type: 'pkcs8', format: 'pem' })) };
}

test('with a certificate mail goes over TLS, and a command that was put in before is not taken', async () => {
  await using collector = await startMailCollector({ certificate: await certificate() });
  await using client = await openSmtp(collector.smtpUrl);
  await client.reply();
  expect(await client.say('EHLO there')).toMatch(/^250-STARTTLS$/m);
  client.send('STARTTLS\r\nMAIL FROM:<evil@x.example>\r\n');
  expect(await client.reply()).toMatch(/^220/);
  await client.secure();
  expect(await client.say('EHLO there')).not.toContain('STARTTLS');
  expect(await client.say(TO)).toMatch(/^503/); // there was no MAIL
  for (const line of ['MAIL FROM:<ann@x.example>', TO, 'DATA']) await client.say(line);
  expect(await client.say(`${MAIL}.`)).toMatch(/^250/);
  expect(await collector.interactions()).toHaveLength(1);
});

test('without a certificate there is no STARTTLS, and no password is ever asked for', async () => {
  await using collector = await startMailCollector();
  await using client = await openSmtp(collector.smtpUrl);
  await client.reply();
  const features = await client.say('EHLO there');
  expect(features).toContain('SIZE 10485760');
  expect(features).not.toMatch(/STARTTLS|AUTH|XCLIENT/);
  for (const command of ['STARTTLS', 'AUTH PLAIN AGEAYg==', 'XCLIENT ADDR=1.2.3.4', 'BDAT 10 LAST'])
    expect(await client.say(command)).toMatch(/^5\d\d/);
});

test.each([
  ['of an address', { connectionsPerAddress: 2 }],
  ['of all', { connections: 2 }],
])('connections over the limit %s are refused, and the next is let in once one has gone', async (_whose, limits) => {
  await using collector = await startMailCollector({ limits });
  const open = async () => {
    const client = await openSmtp(collector.smtpUrl);
    return [client, (await client.reply()).slice(0, 3)] as const;
  };
  const [first, greeting] = await open();
  const [second] = await open();
  const [, third] = await open();
  expect([greeting, third]).toEqual(['220', '421']);
  await first.say('QUIT');
  await first.closed;
  let again = '';
  while (again !== '220') [, again] = await open();
  await second[Symbol.asyncDispose]();
});

test('more mails a minute than an address may bring are asked for again later', async () => {
  await using collector = await startMailCollector({ limits: { mailsPerMinute: 3 } });
  await using client = await openSmtp(collector.smtpUrl);
  await client.reply();
  await client.say('EHLO there');
  const answers: string[] = [];
  for (let count = 0; count < 4; count++) {
    answers.push((await client.say('MAIL FROM:<ann@x.example>')).slice(0, 3));
    await client.say('RSET');
  }
  expect(answers).toEqual(['250', '250', '250', '451']);
  collector.now.micros += 20_000_000;
  expect(await client.say('MAIL FROM:<ann@x.example>')).toMatch(/^250/);
});

test('recipients over the limit are asked for again in another mail', async () => {
  await using collector = await startMailCollector({ limits: { recipients: 2 } });
  await using client = await openSmtp(collector.smtpUrl);
  await client.reply();
  await client.say('EHLO there');
  await client.say('MAIL FROM:<ann@x.example>');
  const to = (name: string) => client.say(`RCPT TO:<${name}+${KEY}@in.shop.example>`);
  const answers = [await to('a'), await to('b'), await to('c')].map((answer) => answer.slice(0, 3));
  expect(answers).toEqual(['250', '250', '452']);
});

test('whoever is silent, or takes for ever, is cut off', async () => {
  await using collector = await startMailCollector({ limits: { idleMs: 300, connectionMs: 1_500 } });
  await using silent = await openSmtp(collector.smtpUrl);
  await silent.reply();
  expect(await silent.closed).toMatch(/^421/);
  await using slow = await openSmtp(collector.smtpUrl);
  await slow.reply();
  const trickle = setInterval(() => slow.send('NOOP\r\n'), 100);
  await slow.closed;
  clearInterval(trickle);
});

test('mails that no room is left for are asked for again', async () => {
  await using collector = await startMailCollector({ limits: { bytesInHand: 100 } });
  await using client = await openSmtp(collector.smtpUrl);
  await client.reply();
  for (const line of ['EHLO there', 'MAIL FROM:<ann@x.example>', TO, 'DATA']) await client.say(line);
  expect(await client.say(`${MAIL}${'a'.repeat(200)}\r\n.`)).toMatch(/^452/);
  for (const line of ['MAIL FROM:<ann@x.example>', TO, 'DATA']) await client.say(line);
  expect(await client.say(`${MAIL}.`)).toMatch(/^250/);
});
