import { rm } from 'node:fs/promises';
import { type Change, type Interaction, kenalConfigSchema, type Resolved, TOPICS } from '@kenal/contracts';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';

export const WORKSPACE = 'shop';
/** 2024-05-01T12:00:00Z */
export const NOON = 1_714_564_800_000_000;

export const config = kenalConfigSchema.parse({
  workspaces: [
    { id: WORKSPACE, currency: 'EUR', sources: [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }] },
  ],
});

/** A data directory whose warehouse has its tables and is empty; it goes away with `await using`. */
export async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await migratedDirectory();
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export function interaction(id: string, fields: Partial<Interaction> = {}): Interaction {
  return {
    ...{ id, workspace: WORKSPACE, source: 'web', channel: 'web', direction: 'inbound', type: 'track' },
    ...{ name: 'Clicked', clientAt: NOON, sentAt: null, receivedAt: NOON, occurredAt: NOON },
    ...{ identifiers: [], participants: [], actor: null, accountId: null, caseId: null, conversationId: null },
    ...{ sessionId: null, userId: null, anonymousId: null, traits: '{}', properties: '{}', context: '{}' },
    ...{ extra: '{}', consent: null, campaign: null, amount: null, currency: null },
    ...{ receipt: { collector: 'c1', sequence: 1 } },
    ...fields,
  } as Interaction;
}

/** An order event of the e-commerce specification. */
export function orderEvent(
  id: string,
  name: string,
  properties: Readonly<Record<string, unknown>>,
  fields: Partial<Interaction> = {},
): Interaction {
  return interaction(id, { name, properties: JSON.stringify(properties), ...fields });
}

/** @param owner identifier key, `type:value`, or '' */
export function resolved(event: Interaction, owner = '', profileId = '', version = 1): Resolved {
  return {
    interaction: event,
    identifiers: owner === '' ? [] : [{ type: owner.split(':')[0]!, value: owner.slice(owner.indexOf(':') + 1) }],
    ...{ owner, profileId, version, logTopic: TOPICS.interactions.name, logPartition: 0, logOffset: 0 },
    resolvedAt: NOON,
  };
}

/** A change that gives `keys` to a profile; `from` is the profile that had them. */
export function change(profileId: string, version: number, keys: readonly string[], from = ''): Change {
  const identifiers = keys.map((key) => ({ type: key.split(':')[0]!, value: key.slice(key.indexOf(':') + 1) }));
  return {
    ...{ id: `${profileId}:${version}`, type: 'updated', workspace: WORKSPACE, profileId, version },
    ...{ previousVersion: 0, occurredAt: NOON, before: null, changed: ['identifiers'] },
    after: {
      traits: '{"city":"Ulm"}',
      identifiers,
      identifierCount: identifiers.length,
      consent: '{}',
      computed: '{}',
    },
    assigned: identifiers.map((identifier, i) => ({ ...identifier, key: keys[i]!, from })),
    cause: { messageId: 'm', source: 'web', rule: 'test' },
    ...{ mergedInto: null, mergedFrom: [], splitInto: [], released: [] },
  };
}

/** Millionths as ClickHouse writes a decimal: `-1500000n` → `-1.5`. */
export function decimalText(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -6)}${fraction ? `.${fraction}` : ''}`;
}
