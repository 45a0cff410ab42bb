import {
  ACTOR_KINDS,
  type Actor,
  CHANNELS,
  type Channel,
  DIRECTIONS,
  type Direction,
  type Identifier,
  PARTICIPANT_ROLES,
  type Participant,
} from '@kenal/contracts';
import { type Outcome, refused } from '../fault.ts';
import { isRecord, type JsonRecord } from '../json/inspect.ts';
import { firstText } from './fields.ts';
import { textOf } from './subject.ts';

/** Where an interaction belongs, beyond what Segment's form has a field for. */
export interface Placement {
  /** null: the source's. */
  readonly channel: Channel | null;
  readonly direction: Direction;
  /** Of the one subject, beside those that stand elsewhere; as sent. */
  readonly identifiers: unknown;
  readonly participants: Participant[];
  readonly actor: Actor | null;
  readonly accountId: string | null;
  readonly caseId: string | null;
  readonly conversationId: string | null;
}

const NONE: Placement = {
  channel: null,
  direction: 'inbound',
  identifiers: null,
  participants: [],
  actor: null,
  accountId: null,
  caseId: null,
  conversationId: null,
};

const MOST_PARTICIPANTS = 1_000;
const LONGEST_VALUE = 1024;

/**
 * `context.kenal`, by which a vendor's mapping, an import or a server says what Segment's form has no place for:
 * `{channel: "phone", direction: "outbound", identifiers: [{type, value}], participants: [{role: "to", identifiers}],
 * actor: {kind: "agent", id: "a7", team: "billing"}, accountId, caseId, conversationId}`, each optional.
 * @returns fault `event_bad_field` at what has a wrong form: a direction that is silently inbound would be worse
 */
export function placementOf(context: JsonRecord): Outcome<Placement> {
  const given = context.kenal;
  if (given === undefined || given === null) return { ok: true, value: NONE };
  if (!isRecord(given)) return refused('event_bad_field', '$.context.kenal', 'expected an object or null');
  const channel = oneOf(given, 'channel', CHANNELS);
  if (!channel.ok) return channel;
  const direction = oneOf(given, 'direction', DIRECTIONS);
  if (!direction.ok) return direction;
  const participants = participantsOf(given.participants);
  if (!participants.ok) return participants;
  const actor = actorOf(given.actor);
  if (!actor.ok) return actor;
  return {
    ok: true,
    value: {
      channel: channel.value,
      direction: direction.value ?? 'inbound',
      identifiers: given.identifiers,
      participants: participants.value,
      actor: actor.value,
      accountId: firstText(given.accountId),
      caseId: firstText(given.caseId),
      conversationId: firstText(given.conversationId),
    },
  };
}

function oneOf<T extends string>(record: JsonRecord, field: string, known: readonly T[]): Outcome<T | null> {
  const value = record[field];
  if (value === undefined || value === null) return { ok: true, value: null };
  const found = known.find((name) => name === value);
  if (found !== undefined) return { ok: true, value: found };
  return refused('event_bad_field', `$.context.kenal.${field}`, `there are ${known.join(', ')}`);
}

function participantsOf(list: unknown): Outcome<Participant[]> {
  const at = '$.context.kenal.participants';
  if (list === undefined || list === null) return { ok: true, value: [] };
  if (!Array.isArray(list)) return refused('event_bad_field', at, 'expected a list or null');
  if (list.length > MOST_PARTICIPANTS) return refused('event_bad_field', at, `more than ${MOST_PARTICIPANTS}`);
  const participants: Participant[] = [];
  for (const [i, item] of list.entries()) {
    if (!isRecord(item)) return refused('event_bad_field', `${at}[${i}]`, 'expected an object');
    const role = PARTICIPANT_ROLES.find((name) => name === item.role);
    if (role === undefined)
      return refused('event_bad_field', `${at}[${i}].role`, `there are ${PARTICIPANT_ROLES.join(', ')}`);
    participants.push({ role, identifiers: namesOf(item.identifiers) });
  }
  return { ok: true, value: participants };
}

/** Names of somebody who is no evidence: of any type; what has no form of one is left out. */
function namesOf(list: unknown): Identifier[] {
  if (!Array.isArray(list)) return [];
  const names: Identifier[] = [];
  for (const item of list) {
    if (!isRecord(item) || typeof item.type !== 'string' || !/^[a-z][a-z_]{0,63}$/.test(item.type)) continue;
    const value = textOf(item.value)?.trim();
    if (value !== undefined && value !== '' && value.length <= LONGEST_VALUE) names.push({ type: item.type, value });
  }
  return names;
}

function actorOf(given: unknown): Outcome<Actor | null> {
  const at = '$.context.kenal.actor';
  if (given === undefined || given === null) return { ok: true, value: null };
  if (!isRecord(given)) return refused('event_bad_field', at, 'expected an object or null');
  const kind = ACTOR_KINDS.find((name) => name === given.kind);
  if (kind === undefined) return refused('event_bad_field', `${at}.kind`, `there are ${ACTOR_KINDS.join(', ')}`);
  return { ok: true, value: { kind, id: textOf(given.id) ?? '', team: firstText(given.team) } };
}

/** The event without it, for one that came by a key that anybody can read in a page. */
export function withoutPlacement(event: JsonRecord): JsonRecord {
  const { context } = event;
  if (!isRecord(context) || !Object.hasOwn(context, 'kenal')) return event;
  const { kenal: _claimed, ...rest } = context;
  return { ...event, context: rest };
}
