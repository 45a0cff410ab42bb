import { expect, test } from 'vitest';
import type { VendorCollectorOptions } from '../../../../test/support/vendor-collector.ts';
import { fixture, startEmailCollector } from '../testing/collector.ts';

const options: VendorCollectorOptions = {
  sources: [{ id: 'parse', kind: 'sendgrid-parse', secrets: ['env:LOGIN'], own: ['shop.example'] }],
  environment: { LOGIN: 'sendgrid:a password' },
};
const authorization = `Basic ${Buffer.from('sendgrid:a password').toString('base64')}`;
const { fields } = fixture('sendgrid-parse.json') as { fields: Record<string, string> };

/** A form as SendGrid posts it: each text in the bytes that `charsets` names. */
function form(parts: Record<string, string | Buffer>, file = true): [Buffer, Record<string, string>] {
  const chunks: Buffer[] = [];
  for (const [name, value] of Object.entries(parts))
    chunks.push(
      Buffer.from(`--xYz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
      Buffer.from(value as string),
      Buffer.from('\r\n'),
    );
  if (file)
    chunks.push(
      Buffer.from(
        '--xYz\r\nContent-Disposition: form-data; name="attachment1"; filename="bill.txt"\r\nContent-Type: text/plain\r\n\r\nfour pounds\r\n',
      ),
    );
  chunks.push(Buffer.from('--xYz--\r\n'));
  return [Buffer.concat(chunks), { authorization, 'content-type': 'multipart/form-data; boundary=xYz' }];
}

test('a mail in pieces is read in the charset that each is in, and its attachments are named', async () => {
  await using collector = await startEmailCollector(options);
  const parts = { ...fields, text: Buffer.from('Grüße\n\n> quoted', 'latin1') };
  for (let times = 0; times < 2; times++) {
    const answer = await collector.deliver('parse', ...form(parts));
    expect([answer.status, await answer.json()]).toMatchObject([200, { accepted: 1, rejected: [] }]);
  }
  const all = await collector.interactions();
  expect(new Set(all.map(({ id }) => id))).toEqual(new Set(['m1@x.example#ann@x.example']));
  expect(all[0]).toMatchObject({
    channel: 'email',
    direction: 'inbound',
    name: 'Email Received',
    identifiers: [{ type: 'email', value: 'ann@x.example' }],
    conversationId: 'm0@shop.example',
    traits: '{"name":"Ann Lee"}',
  });
  expect(JSON.parse(all[0]?.properties ?? '')).toMatchObject({
    text: 'Grüße',
    quoted_text: '> quoted',
    attachments: [{ name: 'bill.txt', type: 'text/plain', size: 11 }],
  });
});

test('a raw mail is read like one that came by SMTP, and one without pieces is kept whole as a failed event', async () => {
  await using collector = await startEmailCollector(options);
  const email = 'From: bob@y.example\r\nTo: help@shop.example\r\nMessage-ID: <raw@y>\r\nSubject: raw\r\n\r\nhello\r\n';
  await collector.deliver('parse', ...form({ email, envelope: fields.envelope! }, false));
  expect((await collector.interactions()).map(({ id }) => id)).toEqual(['raw@y#bob@y.example']);
  const [body, headers] = form({ subject: 'no author' }, false);
  expect((await collector.deliver('parse', body, headers)).status).toBe(200);
  expect((await collector.deliver('parse', 'not a form', headers)).status).toBe(200);
  const failed = await collector.failed();
  expect(failed.map(({ code }) => code).sort()).toEqual(['bad_body', 'event_missing_field']);
  expect((await collector.deliver('parse', body, { ...headers, authorization: 'Basic eA==' })).status).toBe(401);
});
