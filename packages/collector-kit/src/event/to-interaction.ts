import { INTERACTION_TYPES, type Interaction, type InteractionType, type Micros, type Receipt } from '@kenal/contracts';
import { type Outcome, refused } from '../fault.ts';
import type { JsonRecord } from '../json/inspect.ts';
import type { Planned } from '../plan/plan.ts';
import type { Source } from '../source.ts';
import { campaignOf, consentOf, firstText, recordAt, textAt, typeOf } from './fields.ts';
import { messageIdOf } from './message-id.ts';
import { moneyOf } from './money.ts';
import { placementOf } from './placement.ts';
import { identifiersOf } from './subject.ts';
import { timesOf } from './times.ts';

/** What an event gets from the call that brought it. */
export interface EventFrame {
  /** Type from the path, which decides; null where the event must say it. */
  readonly type: string | null;
  /** `sentAt` of the batch. */
  readonly sentAt: unknown;
  /** Context of the batch: fills in for keys that the event's own lacks. */
  readonly context: JsonRecord | null;
  /** From a header; for an event that names nobody. */
  readonly anonymousId: string | null;
  /** See `EventBatch.isPublic`. */
  readonly isPublic: boolean;
  readonly receivedAt: Micros;
  readonly receipt: Receipt;
}

// Fields with a place of their own; all others are kept in `extra`. A write key is a secret and is dropped, as is
// `kenal_plan`: the report of the plan stands there, and nobody else writes one.
const PLACED: ReadonlySet<string> = new Set(
  'type messageId event userId anonymousId groupId traits properties context timestamp sentAt writeKey kenal_plan'.split(
    ' ',
  ),
);
/** Of an event that its plan blocks: the first at the path, the others behind it. */
const MOST_FAULTS_TOLD = 5;
const LONGEST_MESSAGE_ID = 512;
const LONGEST_ID = 16_384;
const NAMED: ReadonlySet<InteractionType> = new Set<InteractionType>(['page', 'screen']);

export interface MadeInteraction {
  readonly interaction: Interaction;
  /** It is not as the plan of its source has it. */
  readonly offPlan: boolean;
}

/**
 * One event of the tracking API as an `Interaction`. Pure: the same event and frame give the same interaction.
 * `event` must have passed `inspect`.
 * @returns faults `event_bad_type`, `event_bad_field`, `event_missing_field`, `event_bad_time`, `event_in_future`
 */
export function toInteraction(event: JsonRecord, source: Source, frame: EventFrame): Outcome<MadeInteraction> {
  const type = typeOf(frame.type ?? event.type);
  if (type === null) return refused('event_bad_type', '$.type', unknownType(frame.type ?? event.type));
  const ids = readIds(event, frame);
  if (!ids.ok) return ids;
  const parts = readParts(event, type, frame.context);
  if (!parts.ok) return parts;
  const times = timesOf(event, frame.sentAt, frame.receivedAt);
  if (!times.ok) return times;
  const named = readName(event, type, ids.value.groupId, parts.value.properties);
  if (!named.ok) return named;

  const { messageId, userId, anonymousId, previousId, groupId } = ids.value;
  const { traits, context } = parts.value;
  const planned =
    type === 'track' && named.value !== null ? source.plan?.check(named.value, parts.value.properties) : null;
  if (planned?.blocked) return blockedBy(planned);
  const properties = planned?.properties ?? parts.value.properties;
  const placed = placementOf(frame.isPublic ? {} : parts.value.merged);
  if (!placed.ok) return placed;
  const { channel, direction, participants, actor, identifiers, ...place } = placed.value;
  const money = moneyOf(named.value, properties, source.currency);
  const merged = event.mergeProperties;
  const interaction: Interaction = {
    id: messageId ?? messageIdOf(event, type, source, { anonymousId, context: parts.value.merged }),
    workspace: source.workspace,
    source: source.id,
    channel: channel ?? source.channel,
    direction,
    type,
    name: named.value,
    ...times.value,
    receivedAt: frame.receivedAt,
    identifiers: identifiersOf(
      { userId, anonymousId, previousId, traits, context, merged, placed: identifiers },
      source.declaredTypes,
    ),
    participants,
    actor,
    accountId: groupId ?? place.accountId ?? firstText(context.groupId),
    caseId: place.caseId ?? firstText(properties.case_id, properties.caseId),
    conversationId: place.conversationId ?? firstText(properties.conversation_id, properties.conversationId),
    sessionId: firstText(context.sessionId, properties.session_id, properties.sessionId),
    userId,
    anonymousId,
    traits: write(traits),
    properties: write(properties),
    context: write(context),
    extra: write(planned ? { ...extraOf(event, type), kenal_plan: reportOf(planned) } : extraOf(event, type)),
    consent: consentOf(context),
    campaign: campaignOf(context),
    amount: money.amount,
    currency: money.currency,
    receipt: frame.receipt,
  };
  return { ok: true, value: { interaction, offPlan: (planned ?? null) !== null } };
}

function blockedBy({ faults }: Planned): Outcome<MadeInteraction> {
  const [first] = faults;
  const also = faults.slice(1, MOST_FAULTS_TOLD).map(({ reason }) => `; ${reason}`);
  const more = faults.length > MOST_FAULTS_TOLD ? `; and ${faults.length - MOST_FAULTS_TOLD} more` : '';
  return refused('event_off_plan', first?.path ?? '$', `${first?.reason ?? ''}${also.join('')}${more}`);
}

function reportOf({ faults, stripped }: Planned): JsonRecord {
  return Object.keys(stripped).length === 0 ? { faults } : { faults, stripped };
}

// `"nonsense"; there are identify, track, …`
function unknownType(found: unknown): string {
  const shown = typeof found === 'string' ? JSON.stringify(found.slice(0, 32).toWellFormed()) : 'none was sent';
  return `${shown}; there are ${INTERACTION_TYPES.join(', ')}`;
}

interface Ids {
  readonly messageId: string | null;
  readonly userId: string | null;
  readonly anonymousId: string | null;
  readonly previousId: string | null;
  readonly groupId: string | null;
}

function readIds(event: JsonRecord, frame: EventFrame): Outcome<Ids> {
  const messageId = textAt(event, 'messageId', LONGEST_MESSAGE_ID);
  if (!messageId.ok) return messageId;
  const userId = textAt(event, 'userId', LONGEST_ID);
  if (!userId.ok) return userId;
  const anonymousId = textAt(event, 'anonymousId', LONGEST_ID);
  if (!anonymousId.ok) return anonymousId;
  const previousId = textAt(event, 'previousId', LONGEST_ID);
  if (!previousId.ok) return previousId;
  const groupId = textAt(event, 'groupId', LONGEST_ID);
  if (!groupId.ok) return groupId;
  return {
    ok: true,
    value: {
      // What could not be read may be any of several ids: the event gets one of its content, as if it had none
      messageId: messageId.value?.includes('\ufffd') ? null : messageId.value,
      userId: userId.value,
      anonymousId: anonymousId.value ?? (userId.value === null ? frame.anonymousId : null),
      previousId: previousId.value,
      groupId: groupId.value,
    },
  };
}

interface Parts {
  readonly traits: JsonRecord;
  readonly properties: JsonRecord;
  /** Without `traits` and `kenal`, which have places of their own. */
  readonly context: JsonRecord;
  /** The context as it came. */
  readonly merged: JsonRecord;
}

/** `traits` of the interaction are the subject's alone; those of a group are facts of the event, so properties. */
function readParts(event: JsonRecord, type: InteractionType, shared: JsonRecord | null): Outcome<Parts> {
  const traits = recordAt(event, 'traits');
  if (!traits.ok) return traits;
  const properties = recordAt(event, 'properties');
  if (!properties.ok) return properties;
  const own = recordAt(event, 'context');
  if (!own.ok) return own;
  const merged = shared === null ? own.value : { ...shared, ...own.value };
  const contextTraits = recordAt(merged, 'traits');
  if (!contextTraits.ok) return refused('event_bad_field', '$.context.traits', 'expected an object or null');
  const group = type === 'group';
  return {
    ok: true,
    value: {
      traits: group ? contextTraits.value : join(contextTraits.value, traits.value),
      properties: group ? join(traits.value, properties.value) : properties.value,
      context: withoutPlaced(merged),
      merged,
    },
  };
}

function withoutPlaced(context: JsonRecord): JsonRecord {
  if (!('traits' in context || 'kenal' in context)) return context;
  const { traits: _moved, kenal: _placed, ...rest } = context;
  return rest;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** The event's name; on the way, what its type cannot do without. */
function readName(
  event: JsonRecord,
  type: InteractionType,
  groupId: string | null,
  properties: JsonRecord,
): Outcome<string | null> {
  if (type === 'group' && groupId === null) return refused('event_missing_field', '$.groupId', 'a group needs groupId');
  if (type === 'alias' && !isSet(event.previousId) && !Array.isArray(event.mergeProperties)) {
    return refused('event_missing_field', '$.previousId', 'an alias needs previousId');
  }
  if (type === 'track') {
    const name = textAt(event, 'event', LONGEST_ID);
    if (name.ok && name.value === null)
      return refused('event_missing_field', '$.event', 'a track needs event, its name');
    return name;
  }
  return { ok: true, value: NAMED.has(type) ? firstText(event.name, properties.name) : null };
}

function extraOf(event: JsonRecord, type: InteractionType): JsonRecord {
  const extra: JsonRecord = {};
  for (const key in event) {
    if (PLACED.has(key) && !(key === 'event' && type !== 'track')) continue;
    if (key === 'name' && NAMED.has(type)) continue;
    // It stood in for a missing `timestamp`; beside one it is a fact of its own
    if (key === 'originalTimestamp' && (event.timestamp === undefined || event.timestamp === null)) continue;
    extra[key] = event[key];
  }
  return extra;
}

function join(weaker: JsonRecord, stronger: JsonRecord): JsonRecord {
  for (const _key in weaker) return { ...weaker, ...stronger };
  return stronger;
}

function write(value: JsonRecord): string {
  for (const _key in value) return JSON.stringify(value);
  return '{}';
}
