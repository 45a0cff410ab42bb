import { createHmac, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOON, type VendorCollectorOptions } from '../../../../test/support/vendor-collector.ts';
import { engagements, fixture, inOrder, startEmailCollector } from '../testing/collector.ts';
import { mailgun } from './mailgun.ts';

const KEY = 'the signing key';
const options: VendorCollectorOptions = {
  sources: [{ id: 'mailgun', kind: 'mailgun', secrets: ['env:KEY'], own: ['shop.example'] }],
  environment: { KEY },
};

function signature() {
  const [timestamp, token] = [String(NOON / 1e6), randomUUID().replaceAll('-', '')];
  return {
    timestamp,
    token,
    signature: createHmac('sha256', KEY)
      .update(timestamp + token)
      .digest('hex'),
  };
}

test('each event is an interaction of its recipient, once however often it comes', async () => {
  await using collector = await startEmailCollector(options);
  for (const data of [...fixture('mailgun-events.json').events, fixture('mailgun-events.json').events[0]]) {
    const body = JSON.stringify({ signature: signature(), 'event-data': data });
    expect((await collector.deliver('mailgun', body, { 'content-type': 'application/json' })).status).toBe(200);
  }
  const ann = 'ann@x.example';
  const told = await engagements(collector);
  expect(told.slice(0, 10)).toEqual([
    ['mailgun-g1', 'Email Sent', 'outbound', ann],
    ['mailgun-g2', 'Email Delivered', 'outbound', ann],
    ['mailgun-g3', 'Email Deferred', 'outbound', ann],
    ['mailgun-g4', 'Email Bounced', 'outbound', ann],
    ['mailgun-g5', 'Email Opened', 'inbound', ann],
    ['mailgun-g6', 'Email Opened', 'inbound', ann, 'machine'],
    ['mailgun-g7', 'Email Link Clicked', 'inbound', ann],
    ['mailgun-g8', 'Email Marked as Spam', 'inbound', ann],
    ['mailgun-g9', 'Unsubscribed', 'inbound', ann],
    ['mailgun-g10', 'Email Dropped', 'outbound', ann],
  ]);
  expect(told.slice(10)).toEqual([told[0]]);
  const [sent, , deferred, , opened] = await inOrder(collector);
  expect(sent).toMatchObject({ conversationId: 'm4@shop.example', clientAt: 1_796_036_400_500_000 });
  expect(JSON.parse(deferred?.properties ?? '')).toMatchObject({ bounce_status: '4.2.2', bounce_type: 'temporary' });
  expect(opened?.campaign).toMatchObject({ id: 'c1', name: 'May offers' });
});

test.each([
  ['a form', (fields: Record<string, string>) => new URLSearchParams(fields)],
  [
    'a multipart form',
    (fields: Record<string, string>) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('attachment-1', new Blob(['four pounds'], { type: 'text/plain' }), 'bill.txt');
      return form;
    },
  ],
])('a mail that a route brings as %s is an interaction of its author', async (name, make) => {
  await using collector = await startEmailCollector(options);
  const sent = new Response(make({ ...fixture('mailgun-route.json').fields, ...signature() }));
  const body = new Uint8Array(await sent.arrayBuffer());
  const answer = await collector.deliver('mailgun', body, { 'content-type': sent.headers.get('content-type')! });
  expect(await answer.json()).toMatchObject({ accepted: 1, rejected: [] });
  const [interaction] = await collector.interactions();
  expect(interaction).toMatchObject({
    id: 'm2@x.example#ann@x.example',
    direction: 'inbound',
    identifiers: [{ type: 'email', value: 'ann@x.example' }],
    conversationId: 'm0@shop.example',
    participants: [{ role: 'to' }, { role: 'to', identifiers: [{ type: 'email', value: 'bob@y.example' }] }],
  });
  const properties = JSON.parse(interaction?.properties ?? '');
  expect(properties).toMatchObject({ text: 'Here?', email_subject: 'Re: Where is it?' });
  expect(properties.attachments?.[0]?.name).toBe(name === 'a form' ? undefined : 'bill.txt');
});

test('whatever JSON comes is events or a fault', () => {
  fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });
  const data = fc.dictionary(
    fc.constantFrom('event', 'id', 'recipient', 'timestamp', 'message', 'tags', 'ip'),
    fc.jsonValue(),
  );
  const item = fc.oneof(
    fc.jsonValue(),
    fc.record({ 'event-data': data }),
    fc.record({ mail: fc.jsonValue(), envelope: fc.jsonValue() }),
  );
  const delivery = { source: { own: { hasEmail: () => false } }, headers: {}, payload: null, receivedAt: 0 } as never;
  const vendor = mailgun({} as never);
  fc.assert(fc.property(item, (any) => void vendor.map(any, delivery)));
});
