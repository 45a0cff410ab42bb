import { hash } from 'node:crypto';
import type { Identifier, Interaction, Resolved } from '@kenal/contracts';
import { rowVersion } from '@kenal/warehouse';
import { readOrder } from './order.ts';
import { orderColumns } from './order-columns.ts';
import { storableJson } from './storable-json.ts';

/**
 * A resolved interaction as a JSON line for `kenal.interaction_rows`. Empty fields are left out: the columns' defaults
 * say the same. The JSON parts are spliced in as the text they are.
 * @param defaultCurrency of the workspace, for order amounts that come without one
 */
export function interactionRow(resolved: Resolved, defaultCurrency: string): string {
  const i = resolved.interaction;
  const order = readOrder(i, defaultCurrency);
  return (
    `{"workspace":${q(i.workspace)},"source":${q(i.source)},"message_id":${q(i.id)},"channel":${q(i.channel)}` +
    `,"direction":${q(i.direction)},"type":${q(i.type)}${text('name', i.name)}` +
    `,"occurred_at":${i.occurredAt},"received_at":${i.receivedAt}` +
    (i.sentAt === null ? '' : `,"sent_at":${i.sentAt}`) +
    (i.clientAt === null ? '' : `,"client_at":${i.clientAt}`) +
    text('user_id', i.userId) +
    text('anonymous_id', i.anonymousId) +
    identifiers('identifiers', resolved.identifiers) +
    identifiers('identifiers_sent', i.identifiers) +
    participants(i) +
    text('owner', resolved.owner) +
    text('profile_id', resolved.profileId) +
    `,"ver":${rowVersion(i.occurredAt, resolved.version)}` +
    text('account_id', i.accountId) +
    actor(i) +
    text('conversation_id', i.conversationId) +
    text('case_id', i.caseId) +
    text('session_id', i.sessionId) +
    campaign(i) +
    (i.consent === null ? '' : `,"consent":${JSON.stringify(i.consent)}`) +
    json('traits', i.traits) +
    json('properties', i.properties) +
    json('context', i.context) +
    json('extra', i.extra) +
    (i.amount === null ? '' : `,"amount":${q(i.amount)}`) +
    text('currency', i.currency) +
    (order === null ? '' : orderColumns(order)) +
    `,"log_topic":${q(resolved.logTopic)},"log_partition":${resolved.logPartition},"log_offset":${resolved.logOffset}` +
    `,"resolved_at":${resolved.resolvedAt},"receipt_collector":${q(i.receipt.collector)}` +
    `,"receipt_sequence":${i.receipt.sequence}}\n`
  );
}

/**
 * Hash of what the caller sent, equal in every honest copy: times of delivery, receipt and context (it may hold the
 * address that this copy came from) are left out.
 * @returns 64 bits as a decimal number
 */
export function contentHash(i: Interaction): string {
  const content = [i.type, i.name, i.clientAt, i.userId, i.anonymousId, i.accountId, i.traits, i.properties, i.extra];
  return BigInt(`0x${hash('md5', content.join('\u0000'), 'hex').slice(0, 16)}`).toString();
}

const q = (value: string): string => JSON.stringify(value);

function text(name: string, value: string | null): string {
  return value === null || value === '' ? '' : `,"${name}":${q(value)}`;
}

function json(name: string, value: string): string {
  return value === '{}' || value === '' ? '' : `,"${name}":${storableJson(value)}`;
}

function identifiers(name: string, list: readonly Identifier[]): string {
  return list.length === 0 ? '' : `,"${name}":[${list.map(identifier).join(',')}]`;
}

const identifier = ({ type, value }: Identifier): string => `{"type":${q(type)},"value":${q(value)}}`;

function participants({ participants: list }: Interaction): string {
  if (list.length === 0) return '';
  const parts = list.map((p) => `{"role":${q(p.role)},"identifiers":[${p.identifiers.map(identifier).join(',')}]}`);
  return `,"participants":[${parts.join(',')}]`;
}

function actor({ actor: who }: Interaction): string {
  return who === null ? '' : `,"actor_kind":${q(who.kind)},"actor_id":${q(who.id)}${text('actor_team', who.team)}`;
}

function campaign({ campaign: c }: Interaction): string {
  if (c === null) return '';
  const rest = { name: c.name, source: c.source, medium: c.medium, term: c.term, content: c.content };
  const parts = Object.entries(rest).map(([name, value]) => `"${name}":${q(value ?? '')}`);
  return `${text('campaign_id', c.id)},"campaign":{${parts.join(',')}}`;
}
