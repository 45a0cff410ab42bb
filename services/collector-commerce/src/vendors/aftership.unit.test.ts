import { expect, test } from 'vitest';
import { startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorCommerce } from '../app.ts';
import { type Fixture, hmac, readFixture } from '../testing/fixtures.ts';
import { holdAgainstHostileInput } from '../testing/hostile.ts';
import { shareCollector } from '../testing/shared-collector.ts';
import { aftership } from './aftership.ts';

const SECRET = 'after';
const sources = [{ id: 'parcels', kind: 'aftership' as const, secrets: ['env:SECRET'] }];
const start = (): Promise<TestVendorCollector> =>
  startVendorCollector(createCollectorCommerce, { sources, environment: { SECRET } });
const tracking = readFixture('aftership-tracking');
const emails = readFixture('aftership-emails');

async function send(collector: TestVendorCollector, body: Fixture['body']): Promise<Response> {
  const text = JSON.stringify(body);
  return collector.deliver('parcels', text, { 'aftership-hmac-sha256': hmac(SECRET, text) });
}

const take = shareCollector(start);
/** What one delivery becomes. */
const made = (body: Fixture['body']) => take((collector) => send(collector, body));

test('a tracking update is a shipment event of its order, about the buyer; the receiver links nobody', async () => {
  expect(await made(tracking.body)).toEqual([
    {
      id: 'fce3b35f-c3d5-4cba-a4dc-7f34a4d0f3fd',
      type: 'track',
      name: 'Shipment In Transit',
      channel: 'commerce',
      direction: 'outbound',
      amount: null,
      currency: null,
      actor: null,
      participants: [
        {
          role: 'to',
          identifiers: [
            { type: 'email', value: 'carla@x.example' },
            { type: 'phone', value: '+447700900999' },
          ],
        },
      ],
      caseId: null,
      conversationId: null,
      accountId: null,
      at: '2026-11-30T09:00:00.000Z',
      identifiers: ['email:bob@norman.example', 'phone:+447700900123'],
      traits: { email: 'bob@norman.example', phone: '+447700900123', name: 'Bob Norman', language: 'en' },
      properties: {
        order_id: '450789469',
        order_number: '#1001',
        shipment_id: 'q2cp6vxzlwb2vlmlzmgnu01k',
        tracking_number: '9405511202575421535949',
        carrier: 'usps',
        status: 'InTransit',
        substatus: 'InTransit_003',
        message: 'Arrived at hub',
        location: 'Leeds, GB',
        checkpoint_time: '2026-11-30T08:55:00+00:00',
        expected_delivery: '2026-12-02',
      },
    },
  ]);
});

test.each([
  ['InfoReceived', 'Shipment Created'],
  ['OutForDelivery', 'Shipment Out for Delivery'],
  ['AttemptFail', 'Shipment Delivery Failed'],
  ['AvailableForPickup', 'Shipment Ready for Pickup'],
  ['Delivered', 'Shipment Delivered'],
  ['Exception', 'Shipment Exception'],
  ['Expired', 'Shipment Expired'],
  ['constructor', 'Shipment Updated'],
])('tag %s is %s', async (tag, name) => {
  expect(await made({ ...tracking.body, msg: { ...tracking.body.msg, tag } })).toMatchObject([{ name }]);
});

test('of several addresses nobody can tell whose they are: they take part and link nobody', async () => {
  const [event] = await made(emails.body);
  expect(event).toMatchObject({ name: 'Shipment Delivered', identifiers: [], traits: {} });
  expect(event?.participants).toHaveLength(2);
  const one = { ...emails.body, msg: { ...emails.body.msg, emails: ['bob@norman.example'] } };
  expect((await made(one))[0]?.identifiers).toEqual(['email:bob@norman.example']);
});

test('a retry is no second interaction; what is no word on a parcel is ignored; without a time it is kept as failed', async () => {
  await using collector = await start();
  await send(collector, tracking.body);
  collector.now.micros += 3_600_000_000;
  await send(collector, tracking.body);
  await send(collector, { event: 'something_new', event_id: 'x' });
  await send(collector, { ...tracking.body, ts: null });
  expect(new Set((await collector.interactions()).map(({ id }) => id)).size).toBe(1);
  expect((await collector.deliveries('parcels')).map(({ outcome }) => outcome)).toEqual([
    'refused',
    'ignored',
    'accepted',
    'accepted',
  ]);
  expect(await collector.failed()).toMatchObject([{ code: 'event_missing_field', path: '$.ts' }]);
});

test('hostile input gives events or a fault, never a throw', () => {
  holdAgainstHostileInput(() => aftership, 'aftership', [tracking, emails]);
});
