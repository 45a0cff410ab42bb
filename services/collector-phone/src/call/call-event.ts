import { type JsonRecord, type KenalEvent, known, type Source } from '@kenal/collector-kit';
import { type Direction, formatTime, MICROS_PER_SECOND, type Micros } from '@kenal/contracts';
import { namesOf, type Party, partiesOf } from './party.ts';

/**
 * How a leg, or a whole call, ended: answered: somebody spoke; voicemail: a message was left, or a machine took the call;
 * abandoned: the caller hung up while waiting; missed: it rang, and nobody took it (also busy and failed).
 */
export type CallOutcome = 'answered' | 'voicemail' | 'abandoned' | 'missed';

/** What one message of a vendor says of one leg of a call; legs are joined in view `calls`. */
export interface LegFacts {
  readonly messageId: string;
  readonly name:
    | 'Call Started'
    | 'Call Answered'
    | 'Call Completed'
    | 'Call Missed'
    | 'Voicemail Left'
    | 'Recording Available'
    | 'Call Transcribed';
  /** When it happened, as the vendor says; null where it does not say. */
  readonly at: Micros | null;
  /** Equal in all legs of one call. */
  readonly callId: string;
  /** `callId` for the leg that all others belong to. */
  readonly legId: string;
  /** null: the message does not tell who called whom. */
  readonly parties: { readonly from: Party; readonly to: Party; readonly said: Direction | null } | null;
  readonly outcome?: CallOutcome | null;
  /** Who of ours spoke, or should have. */
  readonly agent?: string | null;
  readonly times?: LegTimes;
  /** More properties: `queue`, `recording_url`, `transcript_ref`, `reason` … */
  readonly more?: JsonRecord;
}

export interface LegTimes {
  readonly startedAt?: Micros | null;
  readonly answeredAt?: Micros | null;
  /** Only of a leg that is over. */
  readonly endedAt?: Micros | null;
  readonly ringSeconds?: number | null;
  readonly talkSeconds?: number | null;
  readonly totalSeconds?: number | null;
}

/** A leg's message → an event about its outside party; both ends stand in `participants` but for the subject. */
export function callEvent(source: Source, leg: LegFacts): KenalEvent {
  const { messageId, name, at, callId, agent = null, parties } = leg;
  const placed = parties === null ? null : placementOf(parties);
  return {
    messageId,
    type: 'track',
    event: name,
    ...(at === null ? {} : { timestamp: formatTime(at) }),
    ...(placed?.phone == null ? {} : { traits: { phone: placed.phone } }),
    properties: propertiesOf(leg, placed?.direction ?? null),
    context: {
      kenal: {
        channel: source.channel,
        ...(placed === null ? {} : { direction: placed.direction, participants: placed.participants }),
        ...(agent === null ? {} : { actor: { kind: 'agent', id: agent } }),
        conversationId: callId,
      },
    },
  };
}

function placementOf({ from, to, said }: NonNullable<LegFacts['parties']>) {
  const { direction, subject } = partiesOf(from, to, said);
  const others = [
    { role: 'caller' as const, party: from },
    { role: 'callee' as const, party: to },
  ].filter(({ party }) => party !== subject && party.number !== null);
  return {
    direction,
    phone: subject?.number ?? null,
    participants: others.map(({ role, party }) => ({ role, identifiers: namesOf(party) })),
  };
}

function propertiesOf({ callId, legId, parties, outcome, agent, times, more }: LegFacts, direction: Direction | null) {
  return known({
    call_id: callId,
    leg_id: legId,
    direction,
    from: parties?.from.number,
    to: parties?.to.number,
    outcome,
    started_at: written(times?.startedAt),
    answered_at: written(times?.answeredAt),
    ended_at: written(times?.endedAt),
    ring_seconds: times?.ringSeconds,
    talk_seconds: times?.talkSeconds,
    total_seconds: times?.totalSeconds,
    agent,
    ...more,
  });
}

function written(at: Micros | null | undefined): string | null {
  return at === null || at === undefined ? null : formatTime(at);
}

/** Name of the event with which a leg ends. */
export function endOf(outcome: CallOutcome | null): 'Call Completed' | 'Call Missed' | 'Voicemail Left' {
  if (outcome === 'voicemail') return 'Voicemail Left';
  return outcome === 'missed' || outcome === 'abandoned' ? 'Call Missed' : 'Call Completed';
}

/** `'42'`, 42 → 42. @returns null where it is no number of seconds that a call may last */
export function secondsOf(value: string | null): number | null {
  return value !== null && /^\d{1,7}$/.test(value) ? Number(value) : null;
}

/** @returns null where one of them is */
export function secondsBetween(from: Micros | null, to: Micros | null): number | null {
  return from === null || to === null || to < from ? null : Math.round((to - from) / MICROS_PER_SECOND);
}

/** @returns null where one of them is */
export function plusSeconds(at: Micros | null, seconds: number | null): Micros | null {
  return at === null || seconds === null ? null : at + seconds * MICROS_PER_SECOND;
}
