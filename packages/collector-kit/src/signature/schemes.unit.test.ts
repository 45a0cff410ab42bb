import { MICROS_PER_MILLI } from '@kenal/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { bodyHashOf, createReplayCache } from './replay-cache.ts';
import type { SignedRequest } from './request.ts';
import type { HmacScheme } from './scheme.ts';
import { SCHEMES } from './schemes.ts';
import { secretFault } from './secret-fault.ts';
import { createAuthority, issue } from './testing/certificates.ts';
import { type Delivery, SENDERS, type Sender } from './testing/senders.ts';
import { snsSender } from './testing/sns-sender.ts';
import { createVerifier, type Verifier } from './verify.ts';

const NOW = Date.parse('2026-11-30T08:00:00Z');
const CASES = [
  'valid',
  'tampered body',
  'stale',
  'future',
  'missing',
  'wrong length',
  'wrong secret',
  'rotated secret',
  'replay',
] as const;
type Case = (typeof CASES)[number];
type Outcome =
  | 'accepted'
  | 'signature_missing'
  | 'signature_invalid'
  | 'signature_stale'
  | 'repeat'
  | 'reused'
  | 'no key';

/** What a scheme with a signature over time and body has to answer. */
const USUAL: Readonly<Record<Case, Outcome>> = {
  valid: 'accepted',
  'tampered body': 'signature_invalid',
  stale: 'signature_stale',
  future: 'signature_stale',
  missing: 'signature_missing',
  'wrong length': 'signature_invalid',
  'wrong secret': 'signature_invalid',
  'rotated secret': 'accepted',
  replay: 'repeat',
};
const TIMELESS = { stale: 'accepted', future: 'accepted' } as const;
const BODILESS = { 'tampered body': 'accepted' } as const;

/** Where a scheme can do less than the usual: it signs no time, or not the body, or gives nothing to tell a replay by. */
const WEAKER: Readonly<Record<string, Partial<Record<Case, Outcome>>>> = {
  twilio: TIMELESS,
  mailgun: BODILESS,
  basic: { ...TIMELESS, ...BODILESS, replay: 'no key' },
  telegram: { ...TIMELESS, ...BODILESS, replay: 'no key' },
  shopify: TIMELESS,
  woocommerce: TIMELESS,
  meta: TIMELESS,
  intercom: TIMELESS,
  aftership: TIMELESS,
};
const schemeOf = ({ name }: Sender): string => name.split(',')[0]!;
const expected = (sender: Sender): Record<Case, Outcome> => ({ ...USUAL, ...WEAKER[schemeOf(sender)] });

const authority = await createAuthority('Test Root', NOW);
const leaf = await issue(authority, NOW);
const ALL = [
  ...SENDERS,
  ...['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'].flatMap((type) =>
    (['1', '2'] as const).map((version) => snsSender(type, version, leaf.key)),
  ),
];

let verifier: Verifier;
beforeAll(() => {
  verifier = createVerifier({
    clock: () => NOW * MICROS_PER_MILLI,
    fetchCertificate: async () => leaf.pem,
    trustedRoots: [authority.pem],
  });
});

function sendFrom(sender: Sender, change: Partial<Delivery> = {}): SignedRequest {
  const [secret] = sender.secrets;
  return sender.send({ secret, body: Buffer.from(sender.body), at: NOW, mangle: (signature) => signature, ...change });
}

/** Changes what the vendor meant, and leaves the form of the body whole. */
function tamper(request: SignedRequest): SignedRequest {
  const text = Buffer.from(request.body).toString('latin1');
  const other = text.replace(/evt_1|progress|opened|a@b|Bounce/, 'tampered');
  expect(other).not.toBe(text);
  return { ...request, body: Buffer.from(other, 'latin1') };
}

async function ask(request: SignedRequest, sender: Sender, secrets: readonly string[]): Promise<Outcome> {
  const verdict = await verifier.verify(sender.scheme, request, secrets);
  if (verdict.ok) return 'accepted';
  for (const secret of sender.secrets)
    if (schemeOf(sender) !== 'sendgrid') expect(verdict.reason).not.toContain(secret);
  return verdict.code as Outcome;
}

/** The request is accepted and durable; what comes of a second one under the same key? */
async function replay(first: SignedRequest, second: SignedRequest, sender: Sender): Promise<Outcome> {
  const cache = createReplayCache({ clock: () => NOW * MICROS_PER_MILLI });
  const keys: string[] = [];
  for (const request of [first, second]) {
    const verdict = await verifier.verify(sender.scheme, request, sender.secrets.slice(0, 1));
    if (!verdict.ok) return verdict.code as Outcome;
    if (verdict.replayKey === null) return 'no key';
    keys.push(verdict.replayKey);
  }
  expect(cache.claim('w/s', keys[0]!, bodyHashOf(first.body))).toBe('new');
  cache.remember('w/s', keys[0]!, bodyHashOf(first.body));
  return cache.claim('w/s', keys[1]!, bodyHashOf(second.body)) as Outcome;
}

const PLAY: Readonly<Record<Case, (sender: Sender) => Promise<Outcome>>> = {
  valid: (sender) => ask(sendFrom(sender), sender, sender.secrets.slice(0, 1)),
  'tampered body': (sender) => ask(tamper(sendFrom(sender)), sender, sender.secrets.slice(0, 1)),
  stale: (sender) => ask(sendFrom(sender, { at: NOW - (toleranceOf(sender) + 1) * 1_000 }), sender, sender.secrets),
  future: (sender) => ask(sendFrom(sender, { at: NOW + (toleranceOf(sender) + 1) * 1_000 }), sender, sender.secrets),
  missing: (sender) => ask(sendFrom(sender, { mangle: () => null }), sender, sender.secrets),
  'wrong length': (sender) => ask(sendFrom(sender, { mangle: (s) => s.slice(0, -1) }), sender, sender.secrets),
  'wrong secret': (sender) => ask(sendFrom(sender), sender, sender.secrets.slice(2)),
  'rotated secret': (sender) => ask(sendFrom(sender), sender, [sender.secrets[1], sender.secrets[0]]),
  replay: (sender) => replay(sendFrom(sender), sendFrom(sender), sender),
};

const toleranceOf = ({ scheme }: Sender): number => ('toleranceSeconds' in scheme ? scheme.toleranceSeconds : 300);

describe.each(ALL.map((sender) => [sender.name, sender] as const))('%s', (_name, sender) => {
  test.each(CASES)('%s', async (name) => {
    expect(await PLAY[name](sender)).toBe(expected(sender)[name]);
  });

  test('a time at the very edge of the tolerance passes, either way', async () => {
    for (const at of [NOW - toleranceOf(sender) * 1_000, NOW + toleranceOf(sender) * 1_000])
      expect(await ask(sendFrom(sender, { at }), sender, sender.secrets)).toBe('accepted');
  });

  test('its secrets can be configured; without any, or with an empty one, nobody passes', async () => {
    for (const secret of sender.secrets) expect(secretFault(sender.scheme, secret)).toBeNull();
    expect(secretFault(sender.scheme, '')).not.toBeNull();
    expect(await ask(sendFrom(sender), sender, [])).toBe('signature_invalid');
    expect(await ask(sendFrom(sender), sender, [''])).toBe('signature_invalid');
  });
});

test.each(SENDERS.filter(({ scheme }) => scheme.kind === 'hmac').map((sender) => [sender.name, sender] as const))(
  '%s: whoever signs with an empty secret does not pass, though one be configured',
  async (_name, sender) => {
    const empty = schemeOf(sender) === 'standard-webhooks' ? 'whsec_' : '';
    expect(await ask(sendFrom(sender, { secret: empty }), sender, [empty])).toBe('signature_invalid');
  },
);

test('a signature under the prefix of another version is none', async () => {
  const others = { slack: 'v1=', meta: 'sha512=', intercom: 'md5=', chatwoot: 'sha512=', 'custom-hmac': 'max ' };
  for (const [name, other] of Object.entries(others)) {
    const sender = SENDERS.find((one) => one.name === name)!;
    const request = sendFrom(sender);
    const { prefix } = (sender.scheme as HmacScheme).signature;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([key, value]) => [key, String(value).replace(prefix, other)]),
    );
    expect(headers).not.toEqual(request.headers);
    expect(await ask({ ...request, headers }, sender, sender.secrets)).toBe('signature_invalid');
  }
});

test('under the token of a Mailgun request no other body passes', async () => {
  for (const sender of SENDERS.filter((one) => schemeOf(one) === 'mailgun'))
    expect(await replay(sendFrom(sender), tamper(sendFrom(sender)), sender)).toBe('reused');
});

test('one body that Shopify sends for two topics is two deliveries', async () => {
  const shopify = SENDERS.find(({ name }) => name === 'shopify')!;
  const of = (topic: string): SignedRequest => {
    const request = sendFrom(shopify);
    return { ...request, headers: { ...request.headers, 'x-shopify-topic': topic } };
  };
  expect(await replay(of('orders/create'), of('orders/paid'), shopify)).toBe('new');
  expect(await replay(of('orders/create'), of('orders/create'), shopify)).toBe('repeat');
});

test('every row of the table is played', () => {
  const played = new Set<unknown>(ALL.map(({ scheme }) => scheme));
  const left = Object.entries(SCHEMES).filter(([, scheme]) => !played.has(scheme));
  expect(left.map(([name]) => name)).toEqual([]);
});
