import { CERTIFICATE_URL, createAuthority, issue, snsSender } from '@kenal/collector-kit/testing';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { NOON, type VendorCollectorOptions } from '../../../../test/support/vendor-collector.ts';
import { engagements, fixture, inOrder, startEmailCollector } from '../testing/collector.ts';
import { sesEvents } from './ses-events.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:mail';
const now = NOON / 1_000;
let options: VendorCollectorOptions;
let send: (type: string, message: unknown) => string;

beforeAll(async () => {
  const authority = await createAuthority('a root of our own', now);
  const leaf = await issue(authority, now);
  const fetchCertificate = async (url: string) => {
    if (url !== CERTIFICATE_URL) throw new Error(`nothing is fetched from ${url}`);
    return Buffer.from(leaf.pem);
  };
  options = {
    sources: [{ id: 'ses', kind: 'ses', topics: [TOPIC], own: ['shop.example'] }],
    certificates: { fetchCertificate, trustedRoots: [authority.pem] },
  };
  let sent = 0;
  send = (type, message) => {
    const sender = snsSender(type, '2', leaf.key);
    const body = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
    const { body: signed } = sender.send({
      secret: TOPIC,
      body,
      at: now,
      id: `m-${++sent}`,
      mangle: (signature) => signature,
    });
    return Buffer.from(signed).toString();
  };
});

test('a subscription is confirmed at Amazon, and nowhere else; a message with another signature is refused', async () => {
  const confirmed: string[] = [];
  const confirmSubscription = async (url: URL) => void confirmed.push(url.href);
  await using collector = await startEmailCollector(options, { confirmSubscription });
  expect((await collector.deliver('ses', send('SubscriptionConfirmation', 'confirm'))).status).toBe(200);
  expect(confirmed).toEqual(['https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription']);
  const forged = send('SubscriptionConfirmation', 'confirm').replace('amazonaws.com/?', 'evil.example/?');
  expect((await collector.deliver('ses', forged)).status).toBe(401);
  expect(confirmed).toHaveLength(1);
});

test('a confirmation that does not succeed is asked for again', async () => {
  const confirmSubscription = () => Promise.reject(new Error('no way there'));
  await using collector = await startEmailCollector(options, { confirmSubscription });
  expect((await collector.deliver('ses', send('SubscriptionConfirmation', 'confirm'))).status).toBe(500);
});

test('each event is an interaction of each recipient that it is about', async () => {
  await using collector = await startEmailCollector(options);
  const { mail, events } = fixture('ses-events.json');
  for (const event of events) {
    const body = send('Notification', { ...event, mail });
    expect((await collector.deliver('ses', body)).status).toBe(200);
  }
  const ann = 'ann@x.example';
  expect(await engagements(collector)).toEqual([
    ['ses-s-1.send.2026-11-30T10:00:00.000Z#ann@x.example', 'Email Sent', 'outbound', ann],
    ['ses-s-1.delivery.2026-11-30T10:00:01.000Z#ann@x.example', 'Email Delivered', 'outbound', ann],
    ['ses-s-1.deliveryDelay.2026-11-30T10:00:02.000Z#ann@x.example', 'Email Deferred', 'outbound', ann],
    ['ses-s-1.bounce.2026-11-30T10:00:03.000Z#ann@x.example', 'Email Bounced', 'outbound', ann],
    ['ses-s-1.bounce.2026-11-30T10:00:03.000Z#bob@y.example', 'Email Bounced', 'outbound', 'bob@y.example'],
    ['ses-s-1.complaint.2026-11-30T10:00:04.000Z#ann@x.example', 'Email Marked as Spam', 'inbound', ann],
    ['ses-s-1.open.2026-11-30T10:00:05.000Z#ann@x.example', 'Email Opened', 'inbound', ann],
    [
      'ses-s-1.click.2026-11-30T10:00:06.000Z#ann@x.example.https://shop.example/offer',
      'Email Link Clicked',
      'inbound',
      ann,
    ],
    ['ses-s-1.reject.2026-11-30T10:00:00.000Z#ann@x.example', 'Email Dropped', 'outbound', ann],
    ['ses-s-1.subscription.2026-11-30T10:00:07.000Z#ann@x.example', 'Unsubscribed', 'inbound', ann],
  ]);
  const [sent, , , bounced] = await inOrder(collector);
  expect(sent).toMatchObject({ conversationId: 's-1@eu-west-1.amazonses.com', campaign: { id: 'c1' } });
  expect(JSON.parse(bounced?.properties ?? '')).toMatchObject({ bounce_type: 'Permanent', bounce_status: '5.1.1' });
});

test('of a mail to several it is not certain who opened it', () => {
  const source = { own: { hasEmail: () => false } } as never;
  const message = {
    eventType: 'Open',
    open: {},
    mail: { messageId: 's-2', destination: ['a@x.example', 'b@x.example'] },
  };
  const opened = sesEvents(message, source);
  expect(opened.ok && opened.value.map(({ context }) => context?.kenal?.identifiers)).toEqual([[]]);
});

test('two long links clicked in the same second are two, however late they differ', () => {
  const source = { own: { hasEmail: () => false } } as never;
  const idOf = (link: string) => {
    const mail = { messageId: 's-3', destination: ['a@x.example'] };
    const clicked = sesEvents({ eventType: 'Click', click: { link, timestamp: '2026-11-30T10:00:00Z' }, mail }, source);
    return clicked.ok ? clicked.value[0]?.messageId : null;
  };
  const link = `https://shop.example/${'a'.repeat(600)}`;
  expect(idOf(`${link}1`)).toBe(idOf(`${link}1`));
  expect(idOf(`${link}1`)).not.toBe(idOf(`${link}2`));
  expect(idOf(link)?.length).toBeLessThan(100);
});

test('mail that SES received, with its content, is an interaction of its author', async () => {
  await using collector = await startEmailCollector(options);
  const mail = 'From: Ann <ann@x.example>\r\nTo: help@shop.example\r\nMessage-ID: <m1@x.example>\r\n\r\nhello\r\n';
  const received = (content: string | undefined, encoding?: string) => ({
    notificationType: 'Received',
    mail: { messageId: 'r-1', source: 'ann@x.example' },
    receipt: { recipients: ['help@shop.example'], action: { type: 'SNS', encoding } },
    content,
  });
  await collector.deliver('ses', send('Notification', received(Buffer.from(mail).toString('base64'), 'BASE64')));
  expect((await collector.interactions()).map(({ id, direction }) => [id, direction])).toEqual([
    ['m1@x.example#ann@x.example', 'inbound'],
  ]);
  await collector.deliver('ses', send('Notification', received(undefined)));
  expect((await collector.failed()).map(({ code, path }) => [code, path])).toEqual([
    ['event_missing_field', '$.content'],
  ]);
});

test('whatever JSON comes is events or a fault', () => {
  fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });
  const source = { own: { hasEmail: () => false } } as never;
  const message = fc.record({
    eventType: fc.constantFrom('Bounce', 'Open', 'Click', 'Send', 7),
    mail: fc.oneof(
      fc.jsonValue(),
      fc.record({ messageId: fc.jsonValue(), destination: fc.jsonValue(), tags: fc.jsonValue() }),
    ),
    bounce: fc.oneof(fc.jsonValue(), fc.record({ bouncedRecipients: fc.jsonValue() })),
  });
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), message), (any) => void sesEvents(any, source)));
});
