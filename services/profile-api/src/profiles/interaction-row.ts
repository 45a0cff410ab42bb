import { formatTime, jsonPart } from '@kenal/contracts';
import type { InteractionView } from './timeline-schemas.ts';

/** Columns of kenal.interactions that an answer carries; JSON parts as text, times as microseconds. */
export const INTERACTION_COLUMNS = [
  ...['message_id', 'source', 'channel', 'direction', 'type', 'name', 'profile_id', 'owner', 'identifiers'],
  ...['actor_kind', 'actor_id', 'actor_team', 'account_id', 'conversation_id', 'case_id', 'session_id', 'campaign_id'],
  ...['order_id', 'toString(amount) AS money', 'currency'],
  'toUnixTimestamp64Micro(occurred_at) AS occurred',
  'toUnixTimestamp64Micro(received_at) AS received',
  ...['traits', 'properties', 'context'].map((part) => `toString(${part}) AS ${part}_text`),
].join(', ');

/** A row of them. Texts are empty where there is nothing. */
export interface InteractionRow {
  readonly message_id: string;
  readonly source: string;
  readonly channel: string;
  readonly direction: string;
  readonly type: string;
  readonly name: string;
  readonly profile_id: string;
  readonly owner: string;
  readonly identifiers: readonly { readonly type: string; readonly value: string }[];
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_team: string;
  readonly account_id: string;
  readonly conversation_id: string;
  readonly case_id: string;
  readonly session_id: string;
  readonly campaign_id: string;
  readonly order_id: string;
  readonly money: string | null;
  readonly currency: string;
  readonly occurred: number;
  readonly received: number;
  readonly traits_text: string;
  readonly properties_text: string;
  readonly context_text: string;
}

export function presentRow(row: InteractionRow): InteractionView {
  return {
    id: row.message_id,
    source: row.source,
    channel: row.channel,
    direction: row.direction,
    type: row.type,
    name: orNull(row.name),
    occurredAt: formatTime(row.occurred),
    receivedAt: formatTime(row.received),
    profileId: orNull(row.profile_id),
    owner: orNull(row.owner),
    identifiers: [...row.identifiers],
    actor: row.actor_id === '' ? null : { kind: row.actor_kind, id: row.actor_id, team: orNull(row.actor_team) },
    accountId: orNull(row.account_id),
    conversationId: orNull(row.conversation_id),
    caseId: orNull(row.case_id),
    sessionId: orNull(row.session_id),
    campaignId: orNull(row.campaign_id),
    orderId: orNull(row.order_id),
    amount: row.money,
    currency: orNull(row.currency),
    traits: jsonPart(row.traits_text),
    properties: jsonPart(row.properties_text),
    context: jsonPart(row.context_text),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
