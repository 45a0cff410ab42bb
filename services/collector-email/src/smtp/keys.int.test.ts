import { expect, test } from 'vitest';
import { inOrder } from '../testing/collector.ts';
import { KEY, SECOND_KEY, startMailCollector, type TestMailCollector } from './testing/mail-collector.ts';
import { openSmtp } from './testing/smtp-client.ts';

async function send(collector: TestMailCollector, mail: string) {
  await using client = await openSmtp(collector.smtpUrl);
  await client.reply();
  for (const line of ['EHLO there', 'MAIL FROM:<ann@x.example>', `RCPT TO:<any+${KEY}@in.shop.example>`, 'DATA'])
    await client.say(line);
  expect(await client.say(`${mail}\r\n.`)).toMatch(/^250/);
}

const TO = `To: any+${KEY}@in.shop.example, help@shop.example\r\nCc: ${SECOND_KEY}@elsewhere.example, bob@y.example`;

/** All that is kept, as text. */
async function kept(collector: TestMailCollector): Promise<string> {
  const failed = (await collector.failed()).map((one) => ({ ...one, body: Buffer.from(one.body).toString() }));
  return JSON.stringify([await collector.interactions(), failed]);
}

test('a write key in an address is in no interaction and no failed event that we write', async () => {
  await using collector = await startMailCollector();
  await send(collector, `From: ann@x.example\r\n${TO}\r\nMessage-ID: <m1@x>\r\n\r\nhello`);
  await send(collector, `From: help@shop.example\r\n${TO}\r\nMessage-ID: <m2@x>\r\n\r\nhello`);
  await send(collector, `${TO}\r\nSubject: no author\r\n\r\nhello`);
  const [inbound, outbound, ...more] = await inOrder(collector);
  expect(more).toEqual([]);
  expect(inbound?.participants.map(({ identifiers }) => identifiers[0]?.value)).toEqual([
    '…@in.shop.example',
    'help@shop.example',
    '…@elsewhere.example',
    'bob@y.example',
  ]);
  // What opens a source is ours, wherever it is: no customer
  expect(outbound).toMatchObject({ direction: 'outbound', identifiers: [{ value: 'bob@y.example' }] });
  const text = await kept(collector);
  expect(text).toContain('application/vnd.kenal.item+json');
  for (const key of [KEY, SECOND_KEY]) expect(text).not.toContain(key);
});

test('a mail that is posted with the key of its source names it no more either', async () => {
  await using collector = await startMailCollector();
  const headers = {
    'x-write-key': KEY,
    'content-type': 'message/rfc822',
    'x-kenal-recipients': `${KEY}@in.shop.example`,
  };
  const mail = `From: help@shop.example\r\n${TO}\r\nMessage-ID: <m1@x>\r\n\r\nhello`;
  expect(await (await collector.deliver('inbox', mail, headers)).json()).toMatchObject({ accepted: 1 });
  expect(await kept(collector)).not.toContain(KEY);
});
