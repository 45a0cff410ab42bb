import { createSign, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOON, type VendorCollectorOptions } from '../../../../test/support/vendor-collector.ts';
import { engagements, fixture, inOrder, startEmailCollector } from '../testing/collector.ts';
import { sendgridEvents } from './sendgrid-events.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const KEY = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const sign = (body: string) => {
  const timestamp = String(NOON / 1e6);
  return {
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': createSign('sha256')
      .update(timestamp)
      .update(body)
      .sign(privateKey, 'base64'),
  };
};
const options: VendorCollectorOptions = {
  sources: [{ id: 'sendgrid-events', kind: 'sendgrid-events', secrets: ['env:KEY'], own: ['shop.example'] }],
  environment: { KEY },
};

test('each event of a delivery is an interaction of its recipient; one without a number fails alone', async () => {
  await using collector = await startEmailCollector(options);
  const { events } = fixture('sendgrid-events.json');
  const body = JSON.stringify(events);
  const answer = await collector.deliver('sendgrid-events', body, sign(body));
  expect(await answer.json()).toMatchObject({
    accepted: 13,
    rejected: [{ code: 'event_missing_field', path: '$.sg_event_id' }],
  });
  const ann = 'ann@x.example';
  expect(await engagements(collector)).toEqual([
    ['sendgrid-e1', 'Email Sent', 'outbound', ann],
    ['sendgrid-e2', 'Email Delivered', 'outbound', ann],
    ['sendgrid-e3', 'Email Deferred', 'outbound', ann],
    ['sendgrid-e4', 'Email Bounced', 'outbound', ann],
    ['sendgrid-e5', 'Email Dropped', 'outbound', ann],
    ['sendgrid-e6', 'Email Opened', 'inbound', ann],
    ['sendgrid-e7', 'Email Opened', 'inbound', ann, 'machine'],
    ['sendgrid-e8', 'Email Link Clicked', 'inbound', ann],
    ['sendgrid-e9', 'Email Marked as Spam', 'inbound', ann],
    ['sendgrid-e10', 'Unsubscribed', 'inbound', ann],
    ['sendgrid-e11', 'Unsubscribed', 'inbound', ann],
    ['sendgrid-e12', 'Resubscribed', 'inbound', ann],
    ['sendgrid-e13', 'Email Opened', 'internal', ''],
  ]);
  const [sent, , , bounced, , opened, , clicked] = await inOrder(collector);
  expect(sent).toMatchObject({ conversationId: 'm4@shop.example', clientAt: 1_796_036_400_000_000, traits: '{}' });
  expect(JSON.parse(sent?.properties ?? '')).toEqual({ email_id: 'm4@shop.example', tags: ['welcome', 'may'] });
  expect(JSON.parse(bounced?.properties ?? '')).toMatchObject({
    bounce_status: '5.0.0',
    bounce_reason: '500 unknown recipient',
  });
  expect(opened?.campaign).toMatchObject({ id: 'ss1', name: 'May offers', medium: 'email' });
  expect(JSON.parse(clicked?.properties ?? '')).toEqual({ link_url: 'https://shop.example/offer' });
  const again = await collector.deliver('sendgrid-events', body, sign(body));
  expect(again.status).toBe(200);
  expect(new Set((await collector.interactions()).map(({ id }) => id)).size).toBe(13);
});

test('whatever JSON comes is events or a fault', () => {
  fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });
  const event = fc.record({
    event: fc.constantFrom('open', 'click', 'bounce', 7),
    email: fc.jsonValue(),
    timestamp: fc.jsonValue(),
    sg_event_id: fc.jsonValue(),
    category: fc.jsonValue(),
  });
  const delivery = { source: { own: { hasEmail: () => false } }, headers: {}, payload: null, receivedAt: 0 } as never;
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), event), (item) => void sendgridEvents.map(item, delivery)));
});
