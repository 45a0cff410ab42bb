import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VendorCollectorOptions } from '../../../../test/support/vendor-collector.ts';
import { engagements, fixture, inOrder, startEmailCollector } from '../testing/collector.ts';
import { postmark } from './postmark.ts';

const options: VendorCollectorOptions = {
  sources: [{ id: 'postmark', kind: 'postmark', secrets: ['env:LOGIN'], own: ['shop.example'] }],
  environment: { LOGIN: 'postmark:a password' },
};
const headers = { authorization: `Basic ${Buffer.from('postmark:a password').toString('base64')}` };

test('each event is an interaction of its recipient; answers of machines and what was told before are none', async () => {
  await using collector = await startEmailCollector(options);
  for (let times = 0; times < 2; times++)
    for (const event of fixture('postmark-events.json').events)
      expect((await collector.deliver('postmark', JSON.stringify(event), headers)).status).toBe(200);
  const ann = 'ann@x.example';
  const told = await engagements(collector);
  expect(told.slice(0, 9)).toEqual([
    ['postmark-delivery-p-1|ann@x.example|2026-11-30T10:00:01Z|', 'Email Delivered', 'outbound', ann],
    ['postmark-bounce-42', 'Email Bounced', 'outbound', ann],
    ['postmark-bounce-43', 'Email Deferred', 'outbound', ann],
    ['postmark-spamcomplaint-45', 'Email Marked as Spam', 'inbound', ann],
    ['postmark-open-p-1|ann@x.example|2026-11-30T10:00:06Z|', 'Email Opened', 'inbound', ann],
    ['postmark-open-p-1|ann@x.example|2026-11-30T10:00:07Z|', 'Email Opened', 'inbound', ann, 'machine'],
    [
      'postmark-click-p-1|ann@x.example|2026-11-30T10:00:08Z|https://shop.example/offer',
      'Email Link Clicked',
      'inbound',
      ann,
    ],
    ['postmark-subscriptionchange-p-1|ann@x.example|2026-11-30T10:00:09Z|', 'Unsubscribed', 'inbound', ann],
    ['postmark-subscriptionchange-p-1|ann@x.example|2026-11-30T10:00:11Z|', 'Resubscribed', 'inbound', ann],
  ]);
  expect(told.slice(9)).toEqual(told.slice(0, 9));
  const [delivered, bounced] = await inOrder(collector);
  expect(delivered).toMatchObject({
    conversationId: 'p-1@mtasv.net',
    clientAt: Date.UTC(2026, 10, 30, 10, 0, 1) * 1_000,
  });
  expect(JSON.parse(bounced?.properties ?? '')).toMatchObject({
    bounce_type: 'HardBounce',
    bounce_reason: '550 no such user',
  });
});

test('two long links clicked in the same second are two, however late they differ', () => {
  const source = { own: { hasEmail: () => false } } as never;
  const idOf = (OriginalLink: string) => {
    const time = '2026-11-30T10:00:08Z';
    const record = {
      RecordType: 'Click',
      MessageID: 'p-1',
      ReceivedAt: time,
      Recipient: 'ann@x.example',
      OriginalLink,
    };
    const clicked = postmark({} as never).map({ record }, { source } as never);
    return clicked.ok ? clicked.value[0]?.messageId : null;
  };
  const link = `https://shop.example/${'a'.repeat(600)}`;
  expect(idOf(`${link}1`)).toBe(idOf(`${link}1`));
  expect(idOf(`${link}1`)).not.toBe(idOf(`${link}2`));
});

test('an inbound mail is an interaction of its author; Reply-To names nobody', async () => {
  await using collector = await startEmailCollector(options);
  await collector.deliver('postmark', JSON.stringify(fixture('postmark-inbound.json')), headers);
  const [interaction] = await collector.interactions();
  expect(interaction).toMatchObject({
    id: 'm3@x.example#ann@x.example',
    direction: 'inbound',
    identifiers: [{ type: 'email', value: 'ann@x.example' }],
    participants: [{ role: 'to' }, { role: 'to', identifiers: [{ type: 'email', value: 'bob@y.example' }] }],
    conversationId: 'm0@shop.example',
    clientAt: Date.UTC(2026, 10, 30, 10) * 1_000,
    traits: '{"name":"Ann Lee"}',
  });
  expect(interaction?.properties).not.toContain('other@x.example');
  expect(JSON.parse(interaction?.properties ?? '')).toMatchObject({
    text: 'Here?',
    attachments: [{ name: 'bill.txt', size: 11 }],
  });
});

test('a body that is no JSON, or tells of nobody, is kept as a failed event and acknowledged', async () => {
  await using collector = await startEmailCollector(options);
  for (const body of ['{', '{}', '{"RecordType":"Open","MessageID":"p-1"}'])
    expect((await collector.deliver('postmark', body, headers)).status).toBe(200);
  expect((await collector.failed()).map(({ code, path }) => `${code} ${path}`).sort()).toEqual([
    'bad_json $',
    'event_missing_field $.From',
    'event_missing_field $.ReceivedAt',
  ]);
});

test('whatever JSON comes is events or a fault', () => {
  fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });
  const record = fc.dictionary(
    fc.constantFrom('RecordType', 'MessageID', 'Recipient', 'Email', 'ReceivedAt', 'Type', 'ID', 'Geo'),
    fc.oneof(fc.jsonValue(), fc.constantFrom('Open', 'Bounce', 'Click', 'a@b.c')),
  );
  const item = fc.oneof(
    fc.jsonValue(),
    fc.record({ record }),
    fc.record({ mail: fc.jsonValue(), envelope: fc.jsonValue() }),
  );
  const delivery = { source: { own: { hasEmail: () => false } }, headers: {}, payload: null, receivedAt: 0 } as never;
  const vendor = postmark({} as never);
  fc.assert(fc.property(item, (any) => void vendor.map(any, delivery)));
});
