import {
  at,
  type KenalEvent,
  type Outcome,
  type Payload,
  readJson,
  refused,
  type Source,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { MICROS_PER_SECOND, type Micros, parseTime } from '@kenal/contracts';
import { type CallOutcome, callEvent, endOf, type LegTimes, secondsBetween } from '../call/call-event.ts';
import { partyOf } from '../call/party.ts';

/** A record holds every variable of the channel and each step of the dial plan. */
const MOST_BYTES = 2 * 1024 * 1024;
const LONGEST_ID = 128;

/** Applications in which a caller waits; a call that ends in one, and was joined to nobody, was given up. */
const WAITING: ReadonlySet<string> = new Set([
  ...['ivr', 'playback', 'endless_playback', 'play_and_get_digits', 'read', 'sleep', 'park', 'ring_ready', 'bridge'],
  ...['callcenter', 'fifo', 'queue_dtmf', 'loop_playback', 'gentones', 'answer', 'pre_answer'],
]);

/**
 * FreeSWITCH `mod_json_cdr`: a record of each leg of a call at its end. The first leg's tells what became of the call,
 * those of the others (`log-b-leg`) who was rung.
 * https://developer.signalwire.com/freeswitch/module-reference/event-handlers/mod_json_cdr/
 */
export const freeswitch: Vendor = {
  kind: 'freeswitch',
  maxBytes: MOST_BYTES,
  read: readCdr,
  map(item, { source }) {
    const legId = variable(item, 'uuid');
    if (legId === null || legId.length > LONGEST_ID)
      return refused('event_missing_field', '$.variables.uuid', 'a leg has one');
    const times = timesOf(item);
    if (times.startedAt === null)
      return refused('event_bad_time', '$.variables.start_epoch', 'expected seconds since 1970');
    if (times.endedAt === null)
      return refused('event_bad_time', '$.variables.end_epoch', 'expected seconds since 1970');
    return { ok: true, value: legOf(item, legId, times, source) };
  },
};

/** `{…}`, `cdr={…}`, `cdr=%7B…`, or `cdr=eyJ…` (`encode` of json_cdr.conf: false, true, base64). */
function readCdr(body: Buffer): Outcome<Payload> {
  const start = body.subarray(0, 4).toString('latin1');
  if (start !== 'cdr=') return readJson(body);
  const value = body.subarray(4);
  const first = String.fromCharCode(value[0] ?? 0);
  if (first === '{') return readJson(value);
  if (first === '%') return readJson(Buffer.from(new URLSearchParams(body.toString('utf8')).get('cdr') ?? ''));
  // In a form + may have become %2B, and = %3D
  const text = value.toString('latin1').replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=');
  return readJson(Buffer.from(text, 'base64'));
}

interface Epochs {
  readonly startedAt: Micros | null;
  readonly answeredAt: Micros | null;
  /** When it was joined to another leg. */
  readonly bridgedAt: Micros | null;
  readonly endedAt: Micros | null;
}

function timesOf(item: unknown): Epochs {
  const [startedAt, answeredAt, bridgedAt, endedAt] = ['start', 'answer', 'bridge', 'end'].map((name) =>
    epochOf(item, name),
  );
  return {
    startedAt: startedAt ?? null,
    answeredAt: answeredAt ?? null,
    bridgedAt: bridgedAt ?? null,
    endedAt: endedAt ?? null,
  };
}

/** `start_uepoch` in microseconds, else `start_epoch` in seconds; 0: it did not come to that. */
function epochOf(item: unknown, name: string): Micros | null {
  for (const [field, unit] of [
    [`${name}_uepoch`, 1],
    [`${name}_epoch`, MICROS_PER_SECOND],
  ] as const) {
    const text = variable(item, field);
    if (text === null || !/^[1-9]\d{8,15}$/.test(text)) continue;
    const micros = Number(text) * unit;
    if (Number.isSafeInteger(micros)) return parseTime(micros);
  }
  return null;
}

function legOf(item: unknown, legId: string, epochs: Epochs, source: Source): KenalEvent[] {
  const callId = callIdOf(item, legId);
  const outcome = outcomeOf(item, epochs, callId === legId);
  const parties = endsOf(item, source, callId === legId);
  const isAnswered = outcome === 'answered';
  const event = callEvent(source, {
    ...{ messageId: legId, name: endOf(outcome), at: epochs.endedAt, callId, legId, outcome },
    parties: { ...parties, said: null },
    agent: agentOf(item, parties),
    times: legTimes(epochs, isAnswered),
    more: {
      ...{ hangup_cause: variable(item, 'hangup_cause'), application: variable(item, 'last_app') },
      ...{ queue: variable(item, 'cc_queue'), caller_name: variable(item, 'caller_id_name') },
      ...{ recording_url: variable(item, 'record_path') ?? variable(item, 'cc_record_filename') },
      account_code: variable(item, 'accountcode'),
    },
  });
  return [event];
}

function legTimes({ startedAt, answeredAt, bridgedAt, endedAt }: Epochs, isAnswered: boolean): LegTimes {
  // A menu answers; whoever called is answered when somebody is on the line
  const spokenFrom = isAnswered ? (bridgedAt ?? answeredAt) : null;
  return {
    ...{ startedAt, endedAt, answeredAt: spokenFrom },
    ringSeconds: secondsBetween(startedAt, spokenFrom),
    talkSeconds: isAnswered ? secondsBetween(spokenFrom, endedAt) : 0,
    totalSeconds: secondsBetween(startedAt, endedAt),
  };
}

/** The first leg's id, which all legs of a call share. */
function callIdOf(item: unknown, legId: string): string {
  const named =
    variable(item, 'originating_leg_uuid') ??
    variable(item, 'originator') ??
    textOf(item, 'callflow', 0, 'caller_profile', 'originator', 'originator_caller_profiles', 0, 'uuid') ??
    variable(item, 'call_uuid');
  return named === null || named.length > LONGEST_ID ? legId : named;
}

/** @param isFirst whether it is the leg of whoever called, rather than one that was rung for it */
function outcomeOf(item: unknown, { answeredAt, bridgedAt }: Epochs, isFirst: boolean): CallOutcome {
  const cause = variable(item, 'hangup_cause') ?? '';
  if (!isFirst) return answeredAt !== null ? 'answered' : cause === 'ORIGINATOR_CANCEL' ? 'abandoned' : 'missed';
  if (bridgedAt !== null || epochOf(item, 'cc_queue_answered') !== null) return 'answered';
  const application = variable(item, 'last_app') ?? '';
  if (application === 'voicemail' && variable(item, 'voicemail_message_len') !== '0') return 'voicemail';
  const queued = variable(item, 'cc_queue') !== null;
  if (queued || cause === 'ORIGINATOR_CANCEL') return 'abandoned';
  if (answeredAt === null) return 'missed';
  if (
    /^(?:NO_ANSWER|USER_BUSY|NO_USER_RESPONSE|USER_NOT_REGISTERED|CALL_REJECTED)$/.test(
      variable(item, 'originate_disposition') ?? '',
    )
  )
    return 'missed';
  return WAITING.has(application) ? 'abandoned' : 'answered';
}

function endsOf(item: unknown, source: Source, isFirst: boolean) {
  const profile = at(item, 'callflow', 0, 'caller_profile');
  const from = variable(item, 'caller_id_number') ?? textOf(profile, 'caller_id_number') ?? textOf(profile, 'ani');
  const dialled = isFirst ? variable(item, 'sip_to_user') : null;
  const to = variable(item, 'destination_number') ?? textOf(profile, 'destination_number') ?? dialled;
  // A telephone of ours proves itself when it calls
  const isOurTelephone =
    isFirst && variable(item, 'sip_authorized') === 'true' && variable(item, 'sip_auth_username') !== null;
  return {
    from: partyOf(source, decoded(from), isOurTelephone),
    to: partyOf(source, decoded(to)),
  };
}

function agentOf(item: unknown, { from, to }: ReturnType<typeof endsOf>): string | null {
  const queued = variable(item, 'cc_agent');
  if (queued !== null) return queued.slice(0, 256);
  if (from.isOurs) return variable(item, 'sip_auth_username') ?? from.number;
  const rung = variable(item, 'last_sent_callee_id_number') ?? variable(item, 'dialed_user');
  return rung ?? (to.isOurs && to.number !== null && /^\d{2,6}$/.test(to.number) ? to.number : null);
}

/** A channel variable; `encode-values` of json_cdr.conf writes `%2B44…`. */
function variable(item: unknown, name: string): string | null {
  return decoded(textOf(item, 'variables', name));
}

function decoded(text: string | null): string | null {
  if (text === null || !/%[0-9a-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a per cent sign of its own
  }
}
