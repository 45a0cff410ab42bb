import { hash } from 'node:crypto';
import type { Identifier, Interaction, Resolved } from '@kenal/contracts';
import {
  columnsOf,
  createRowEncoder,
  type Override,
  type RowWriter,
  rowVersion,
  storableJson,
  writeList,
} from '@kenal/warehouse';
import { isAmount, type Millionths, parseDecimal } from './decimal.ts';
import type { OrderEvent } from './order.ts';
import { orderColumns } from './order-columns.ts';
import { Unstorable } from './unstorable.ts';

/** What a row of `kenal.interaction_rows` is made of. */
export interface InteractionRow {
  readonly resolved: Resolved;
  readonly interaction: Interaction;
  /** What it says of an order; null where it says nothing. */
  readonly order: OrderEvent | null;
}

const { text, word, moment, optionalMoment, money, uint32, uint64, column } = columnsOf<InteractionRow>();
const IDENTIFIERS = 'Array(Tuple(type String, value String))';

export const interactionRows = createRowEncoder<InteractionRow>([
  word('workspace', ({ interaction }) => interaction.workspace),
  word('source', ({ interaction }) => interaction.source),
  text('message_id', ({ interaction }) => interaction.id),
  text('channel', ({ interaction }) => interaction.channel),
  text('direction', ({ interaction }) => interaction.direction),
  text('type', ({ interaction }) => interaction.type),
  text('name', ({ interaction }) => interaction.name),
  moment('occurred_at', ({ interaction }) => interaction.occurredAt),
  moment('received_at', ({ interaction }) => interaction.receivedAt),
  optionalMoment('sent_at', ({ interaction }) => interaction.sentAt),
  optionalMoment('client_at', ({ interaction }) => interaction.clientAt),
  text('user_id', ({ interaction }) => interaction.userId),
  text('anonymous_id', ({ interaction }) => interaction.anonymousId),
  column('identifiers', IDENTIFIERS, (writer, { resolved }) => writeIdentifiers(writer, resolved.identifiers)),
  column('identifiers_sent', IDENTIFIERS, (writer, { interaction }) =>
    writeIdentifiers(writer, interaction.identifiers),
  ),
  column('participants', `Array(Tuple(role String, identifiers ${IDENTIFIERS}))`, (writer, { interaction }) =>
    writeList(writer, interaction.participants, (_, { role, identifiers }) => {
      writer.text(role);
      writeIdentifiers(writer, identifiers);
    }),
  ),
  text('owner', ({ resolved }) => resolved.owner),
  text('profile_id', ({ resolved }) => resolved.profileId),
  column('ver', 'UInt128', (writer, { resolved, interaction }) =>
    writer.int128(rowVersion(interaction.occurredAt, resolved.version)),
  ),
  text('account_id', ({ interaction }) => interaction.accountId),
  text('actor_kind', ({ interaction }) => interaction.actor?.kind ?? null),
  text('actor_id', ({ interaction }) => interaction.actor?.id ?? null),
  text('actor_team', ({ interaction }) => interaction.actor?.team ?? null),
  text('conversation_id', ({ interaction }) => interaction.conversationId),
  text('case_id', ({ interaction }) => interaction.caseId),
  text('session_id', ({ interaction }) => interaction.sessionId),
  text('campaign_id', ({ interaction }) => interaction.campaign?.id ?? null),
  column(
    'campaign',
    'Tuple(name String, source String, medium String, term String, content String)',
    (writer, { interaction: { campaign } }) => {
      for (const part of CAMPAIGN_PARTS) writer.text(campaign?.[part] ?? '');
    },
  ),
  column('consent', 'Map(String, Bool)', (writer, { interaction: { consent } }) =>
    writeList(writer, consent === null ? [] : Object.entries(consent), (_, [purpose, granted]) => {
      writer.text(purpose);
      writer.byte(granted ? 1 : 0);
    }),
  ),
  text('traits', ({ interaction }) => storableJson(interaction.traits)),
  text('traits_sent', ({ interaction: { traits } }) => (storableJson(traits) === traits ? '' : traits)),
  text('properties', ({ interaction }) => storableJson(interaction.properties)),
  text('context', ({ interaction }) => storableJson(interaction.context)),
  text('extra', ({ interaction }) => storableJson(interaction.extra)),
  money('amount', ({ interaction: { amount } }) => (amount === null ? null : millionthsOf(amount))),
  text('currency', ({ interaction }) => interaction.currency),
  ...orderColumns,
  text('log_topic', ({ resolved }) => resolved.logTopic),
  uint32('log_partition', ({ resolved }) => resolved.logPartition),
  uint64('log_offset', ({ resolved }) => resolved.logOffset),
  moment('resolved_at', ({ resolved }) => resolved.resolvedAt),
  text('receipt_collector', ({ interaction }) => interaction.receipt.collector),
  uint64('receipt_sequence', ({ interaction }) => interaction.receipt.sequence),
]);

const CAMPAIGN_PARTS = ['name', 'source', 'medium', 'term', 'content'] as const;

/**
 * Hash of what the caller sent, equal in every honest copy: times of delivery, receipt and context (it may hold the
 * address that this copy came from) are left out.
 * @returns 64 bits
 */
export function contentHash(i: Interaction): bigint {
  const content = [i.type, i.name, i.clientAt, i.userId, i.anonymousId, i.accountId, i.traits, i.properties, i.extra];
  return hash('md5', content.join('\u0000'), 'buffer').readBigUInt64BE();
}

/**
 * An owner whom no profile has (all that was said of it comes from a revoked source): its row waits, as those of one that
 * was let go. @returns null where it has a profile, or the interaction is nobody's
 */
export function waitsForPerson({ interaction, owner, profileId }: Resolved): Override | null {
  return owner === '' || profileId !== '' ? null : { workspace: interaction.workspace, owner, profileId, ver: 1 };
}

function writeIdentifiers(writer: RowWriter, list: readonly Identifier[]): void {
  writeList(writer, list, writeIdentifier);
}

export function writeIdentifier(writer: RowWriter, { type, value }: Identifier): void {
  writer.text(type);
  writer.text(value);
}

/** @returns null where it is more than an amount can be: `properties` still have it */
function millionthsOf(amount: string): Millionths | null {
  const millionths = parseDecimal(amount);
  if (millionths === null) throw new Unstorable(`amount ${amount} is not a number of at most 38 digits`);
  return isAmount(millionths) ? millionths : null;
}
