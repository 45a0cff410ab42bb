import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatTime, type Interaction, type SourceKind } from '@kenal/contracts';
import { NOON, startVendorCollector, type TestVendorCollector } from '../../../../../test/support/vendor-collector.ts';
import { createCollectorChat } from '../../app.ts';

export type Deliveries = Readonly<Record<string, Record<string, unknown>>>;

const SECRET = 'the secret of today';

/** Deliveries of a vendor's documentation, by what they tell. */
export function fixturesOf(kind: SourceKind): Deliveries {
  const path = new URL(`../fixtures/${kind}-deliveries.json`, import.meta.url);
  const { _source, ...deliveries } = JSON.parse(readFileSync(path, 'utf8'));
  return deliveries;
}

/** What each of them comes to, read over by a person: `told` of its interactions, in the order of their ids. */
export function interactionsOf(kind: SourceKind): Readonly<Record<string, unknown[]>> {
  return JSON.parse(readFileSync(new URL(`../fixtures/${kind}-interactions.json`, import.meta.url), 'utf8'));
}

/** A collector with one source of this kind, `talks`, that knows two of our own people. */
export function startChat(kind: SourceKind): Promise<TestVendorCollector> {
  const own = ['shop.example', 'T024BE7LD/U0STAFF', '5999999'];
  const sources = [{ id: 'talks', kind, secrets: ['env:SECRET'], own, verifyToken: 'env:TOKEN' }];
  return startVendorCollector(createCollectorChat, { sources, environment: { SECRET, TOKEN: 'meta shows this' } });
}

const hmac = (hash: string, encoding: 'hex' | 'base64', ...parts: string[]): string =>
  createHmac(hash, SECRET).update(parts.join('')).digest(encoding);

/** What each vendor signs with, from its documentation. @param seconds of the vendor's clock */
function sign(kind: SourceKind, body: string, seconds = NOON / 1e6): Record<string, string> {
  const at = String(seconds);
  const iso = new Date(seconds * 1_000).toISOString().replace('.000', '');
  const headers: Partial<Record<SourceKind, Record<string, string>>> = {
    slack: { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${hmac('sha256', 'hex', `v0:${at}:`, body)}` },
    whatsapp: { 'x-hub-signature-256': `sha256=${hmac('sha256', 'hex', body)}` },
    telegram: { 'x-telegram-bot-api-secret-token': SECRET },
    intercom: { 'x-hub-signature': `sha1=${hmac('sha1', 'hex', body)}` },
    zendesk: {
      'x-zendesk-webhook-signature-timestamp': iso,
      'x-zendesk-webhook-signature': hmac('sha256', 'base64', iso, body),
      'x-zendesk-account-id': '22129848',
    },
    chatwoot: { 'x-chatwoot-timestamp': at, 'x-chatwoot-signature': `sha256=${hmac('sha256', 'hex', `${at}.`, body)}` },
  };
  return { 'content-type': 'application/json', ...headers[kind] };
}

/** Deliver one, signed. */
export function deliver(
  collector: TestVendorCollector,
  kind: SourceKind,
  payload: unknown,
  more: Record<string, string> = {},
): Promise<Response> {
  const body = JSON.stringify(payload);
  return collector.deliver('talks', body, { ...sign(kind, body), ...more });
}

/** All that a mapping decides, without what is empty, in one form for every test. */
function told(interaction: Interaction): Record<string, unknown> {
  const { id, name, type, channel, direction, conversationId, caseId, identifiers, participants, actor } = interaction;
  const fields = {
    ...{ id, name: name ?? type, channel, direction, conversationId, caseId },
    at: formatTime(interaction.clientAt ?? 0),
    who: identifiers.map((one) => `${one.type}:${one.value}`),
    participants: participants.map((one) => `${one.role} ${one.identifiers.map(({ value }) => value)}`),
    actor: actor === null ? null : `${actor.kind} ${actor.id}`,
    traits: JSON.parse(interaction.traits),
    properties: JSON.parse(interaction.properties),
  };
  const isEmpty = (value: unknown): boolean =>
    value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

/** What one delivery adds, in the order of its ids. */
async function toldBy(collector: TestVendorCollector, kind: SourceKind, payload: unknown) {
  const before = new Set((await collector.interactions()).map(({ id }) => id));
  const { status } = await deliver(collector, kind, payload);
  const added = (await collector.interactions()).filter(({ id }) => !before.has(id));
  return { status, told: added.map(told).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)) };
}

/**
 * All deliveries of the fixtures, each once and, under a new signature, once more.
 * @returns what each came to, and the ids that only a repetition brought
 */
export async function tellAll(kind: SourceKind) {
  await using collector = await startChat(kind);
  const first: Record<string, unknown[]> = {};
  const deliveries = Object.entries(fixturesOf(kind));
  for (const [name, payload] of deliveries) {
    const { status, told: interactions } = await toldBy(collector, kind, payload);
    first[name] = status === 200 ? interactions : [status];
  }
  const ids = new Set((await collector.interactions()).map(({ id }) => id));
  const later = NOON / 1e6 + 60;
  collector.now.micros = later * 1e6;
  for (const [, payload] of deliveries) {
    const body = JSON.stringify(payload);
    await collector.deliver('talks', body, { ...sign(kind, body, later), 'x-slack-retry-num': '1' });
  }
  const again = (await collector.interactions()).filter(({ id }) => !ids.has(id));
  return { first, again, failed: await collector.failed() };
}
