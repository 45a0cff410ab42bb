import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Interaction } from '@kenal/contracts';
import type { Loose } from '../../../../test/support/loose.ts';

/** A delivery as the vendor's documentation shows it. */
export interface Fixture {
  readonly headers: Record<string, string>;
  readonly body: Loose;
}

/** @param name of a file in `vendors/fixtures`, without `.json` */
export function readFixture(name: string): Fixture {
  const path = new URL(`../vendors/fixtures/${name}.json`, import.meta.url);
  const { headers = {}, body } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Fixture>;
  return { headers, body };
}

/** HMAC-SHA256 over a body. */
export function hmac(secret: string, body: string, encoding: 'base64' | 'hex' = 'base64'): string {
  return createHmac('sha256', secret).update(body).digest(encoding);
}

/** What a test compares: every field that a mapping decides, the JSON ones opened. */
export function outline(interaction: Interaction | undefined) {
  if (interaction === undefined) throw new Error('there is no interaction');
  const { id, type, name, channel, direction, clientAt, identifiers, amount, currency, actor } = interaction;
  const { participants, caseId, conversationId, accountId } = interaction;
  return {
    ...{ id, type, name, channel, direction, amount, currency, actor, participants, caseId, conversationId, accountId },
    at: clientAt === null ? null : new Date(clientAt / 1_000).toISOString(),
    identifiers: identifiers.map(({ type, value }) => `${type}:${value}`),
    traits: JSON.parse(interaction.traits),
    properties: JSON.parse(interaction.properties),
  };
}
