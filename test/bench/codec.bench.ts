import type { Interaction } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { report } from './measure.ts';

// node test/bench/codec.bench.ts: µs to encode and to decode one interaction of about 500 bytes, after warming up.
const ROUNDS = 200_000;
const interaction: Interaction = {
  id: '0190a8c2-1111-7000-8000-1234567890ab',
  workspace: 'dev',
  source: 'web',
  channel: 'web',
  direction: 'inbound',
  type: 'track',
  name: 'Order Completed',
  clientAt: 1_763_800_000_123_456,
  sentAt: null,
  receivedAt: 1_763_800_000_123_456,
  occurredAt: 1_763_800_000_123_456,
  identifiers: [
    { type: 'user_id', value: 'u-12345' },
    { type: 'anonymous_id', value: '0190a8c2-1111' },
  ],
  participants: [],
  actor: null,
  accountId: null,
  caseId: null,
  conversationId: null,
  sessionId: null,
  userId: 'u-12345',
  anonymousId: '0190a8c2-1111',
  traits: '{"email":"a@b.c"}',
  properties: '{"total":12.5,"currency":"EUR","products":[{"sku":"abc","price":1.25,"quantity":3}]}',
  context:
    '{"ip":"1.2.3.4","userAgent":"Mozilla/5.0 (X11; Linux x86_64)","page":{"url":"https://example.com/shop","referrer":""}}',
  extra: '{}',
  consent: null,
  campaign: null,
  amount: '12.50',
  currency: 'EUR',
  receipt: { collector: 'c1', sequence: 17 },
};

const codec = createCodec<Interaction>('interaction');
const bytes = codec.encode(interaction);

function micros(work: () => void): number {
  const begin = performance.now();
  for (let i = 0; i < ROUNDS; i++) work();
  return ((performance.now() - begin) * 1_000) / ROUNDS;
}

const encode = Array.from({ length: 3 }, () => micros(() => codec.encode(interaction)));
const decode = Array.from({ length: 3 }, () => micros(() => codec.decode(bytes)));
const detail = `${bytes.length} bytes, best of 3 × ${ROUNDS.toLocaleString('en-GB')}`;
report({ measure: 'codec: encode an interaction', value: Math.min(...encode), unit: 'µs', detail });
report({ measure: 'codec: decode an interaction', value: Math.min(...decode), unit: 'µs', detail });
