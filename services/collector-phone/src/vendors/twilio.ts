import {
  type Mapped,
  NOTHING,
  type Outcome,
  readForm,
  refused,
  type Source,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { MICROS_PER_MILLI, type Micros, parseTime } from '@kenal/contracts';
import { type CallOutcome, callEvent, endOf, type LegFacts, plusSeconds, secondsOf } from '../call/call-event.ts';
import { partyOf } from '../call/party.ts';

/** Status of a leg that was not answered → how it ended. https://www.twilio.com/docs/voice/api/call-resource */
const UNANSWERED: Readonly<Record<string, CallOutcome>> = {
  busy: 'missed',
  'no-answer': 'missed',
  failed: 'missed',
  canceled: 'abandoned',
};
const LONGEST_SID = 64;

/**
 * Twilio voice: status callbacks of calls and of the legs that `<Dial>` makes, of recordings and transcriptions, each a
 * form. Legs come one by one, late and in any order: each is events of its own, and view `calls` joins them.
 */
export const twilio: Vendor = {
  kind: 'twilio',
  read: readForm,
  map(item, { source }) {
    const callSid = textOf(item, 'CallSid');
    if (callSid === null || callSid.length > LONGEST_SID) return withoutCall(item);
    const at = timeOf(item);
    if (!at.ok) return at;
    const leg = { item, source, callSid, at: at.value };
    if (textOf(item, 'TranscriptionSid') !== null) return transcribed(leg);
    if (textOf(item, 'RecordingStatus') !== null) return recorded(leg);
    return progressed(leg);
  },
  // Where somebody gives the address as that of a number's TwiML: nothing to say, rather than a fault read aloud
  answer: {
    status: 200,
    contentType: 'text/xml; charset=utf-8',
    body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
  },
};

interface Leg {
  readonly item: unknown;
  readonly source: Source;
  readonly callSid: string;
  readonly at: Micros | null;
}

/** A callback of a message (SMS) is none of ours. */
function withoutCall(item: unknown): Mapped {
  if (textOf(item, 'MessageSid') !== null || textOf(item, 'SmsSid') !== null) return NOTHING;
  return refused('event_missing_field', '$.CallSid', 'a callback of a call has one');
}

// CallStatus=completed&SequenceNumber=3&Timestamp=Mon, 30 Nov 2026 10:01:05 +0000&CallDuration=42
function progressed(leg: Leg): Mapped {
  const { item } = leg;
  const status = textOf(item, 'CallStatus') ?? '';
  if (status === 'queued' || status === 'initiated') return told(leg, status, { name: 'Call Started' });
  // Where `initiated` was told too, it is no second start
  if (status === 'ringing') return sequenceOf(item) > 0 ? NOTHING : told(leg, status, { name: 'Call Started' });
  const outcome = outcomeOf(item, status);
  if (status === 'in-progress')
    return told(leg, status, { name: 'Call Answered', outcome, times: { answeredAt: leg.at } });
  if (status !== 'completed' && !Object.hasOwn(UNANSWERED, status)) return NOTHING;
  const seconds = status === 'completed' ? secondsOf(textOf(item, 'CallDuration')) : 0;
  return told(leg, status, {
    // A machine that took our call heard us; a message to us is told by its recording
    name: outcome === 'voicemail' ? 'Call Completed' : endOf(outcome),
    outcome,
    times: {
      answeredAt: status === 'completed' ? plusSeconds(leg.at, seconds === null ? null : -seconds) : null,
      endedAt: leg.at,
      talkSeconds: seconds,
    },
  });
}

/** @returns null for a call that Twilio took for us: whether anybody spoke is known by the legs that it made */
function outcomeOf(item: unknown, status: string): CallOutcome | null {
  if (Object.hasOwn(UNANSWERED, status)) return UNANSWERED[status] ?? null;
  if (textOf(item, 'AnsweredBy')?.startsWith('machine') === true) return 'voicemail';
  return textOf(item, 'Direction') === 'inbound' ? null : 'answered';
}

function told(leg: Leg, status: string, facts: Pick<LegFacts, 'name' | 'outcome' | 'times'>): Mapped {
  const { item, source, callSid, at } = leg;
  const more = {
    status,
    sequence: textOf(item, 'SequenceNumber'),
    recording_url: textOf(item, 'RecordingUrl'),
    answered_by: textOf(item, 'AnsweredBy'),
    caller_name: textOf(item, 'CallerName'),
    forwarded_from: textOf(item, 'ForwardedFrom'),
    sip_response_code: textOf(item, 'SipResponseCode'),
  };
  return one(source, {
    ...facts,
    ...{ messageId: `${callSid}.${status}`, at, callId: callIdOf(item, callSid), legId: callSid, more },
    parties: partiesOf(leg),
    agent: agentOf(item),
  });
}

// RecordingSid=RE…&RecordingStatus=completed&RecordingSource=RecordVerb: what <Record> takes is a message to us
function recorded(leg: Leg): Mapped {
  const { item, source, callSid, at } = leg;
  const recordingSid = textOf(item, 'RecordingSid');
  if (recordingSid === null || recordingSid.length > LONGEST_SID)
    return refused('event_missing_field', '$.RecordingSid', 'a recording has one');
  if (textOf(item, 'RecordingStatus') !== 'completed') return NOTHING;
  const isMessage = textOf(item, 'RecordingSource') === 'RecordVerb';
  return one(source, {
    ...{ messageId: `${callSid}.${recordingSid}`, name: isMessage ? 'Voicemail Left' : 'Recording Available', at },
    ...{ callId: callIdOf(item, callSid), legId: callSid, parties: partiesOf(leg) },
    outcome: isMessage ? 'voicemail' : null,
    more: {
      recording_id: recordingSid,
      recording_url: textOf(item, 'RecordingUrl'),
      recording_seconds: secondsOf(textOf(item, 'RecordingDuration')),
    },
  });
}

function transcribed(leg: Leg): Mapped {
  const { item, source, callSid, at } = leg;
  if (textOf(item, 'TranscriptionStatus') !== 'completed') return NOTHING;
  const transcriptionSid = textOf(item, 'TranscriptionSid') ?? '';
  if (transcriptionSid.length > LONGEST_SID) return refused('event_bad_field', '$.TranscriptionSid', 'too long');
  return one(source, {
    ...{ messageId: `${callSid}.${transcriptionSid}`, name: 'Call Transcribed', at },
    ...{ callId: callIdOf(item, callSid), legId: callSid, parties: partiesOf(leg) },
    // What was said stays with Twilio
    more: {
      transcript_ref: textOf(item, 'TranscriptionUrl') ?? transcriptionSid,
      recording_id: textOf(item, 'RecordingSid'),
      recording_url: textOf(item, 'RecordingUrl'),
    },
  });
}

function one(source: Source, leg: LegFacts): Mapped {
  return { ok: true, value: [callEvent(source, leg)] };
}

function callIdOf(item: unknown, callSid: string): string {
  const parent = textOf(item, 'ParentCallSid');
  return parent === null || parent.length > LONGEST_SID ? callSid : parent;
}

/** null where it tells of neither end, as callbacks of recordings do. */
function partiesOf({ item, source }: Leg): LegFacts['parties'] {
  const [from, to, direction] = ['From', 'To', 'Direction'].map((field) => textOf(item, field));
  if (from == null && to == null) return null;
  // Of a leg that <Dial> made, `outbound-dial` says only that Twilio dialled it
  const said = direction === 'inbound' ? 'inbound' : direction === 'outbound-api' ? 'outbound' : null;
  return { from: partyOf(source, from ?? null), to: partyOf(source, to ?? null), said };
}

/** `client:alice`, `sip:alice@shop.example` → `alice`; numbers are no agents. */
function agentOf(item: unknown): string | null {
  for (const field of ['To', 'From']) {
    const found = /^(?:client|sips?):([^@;?]+)/i.exec(textOf(item, field) ?? '')?.[1];
    if (found !== undefined && /[a-z]/i.test(found)) return found.slice(0, 256);
  }
  return null;
}

function sequenceOf(item: unknown): number {
  const number = Number(textOf(item, 'SequenceNumber') ?? 0);
  return Number.isInteger(number) && number > 0 ? Math.min(number, 999) : 0;
}

/**
 * `Mon, 30 Nov 2026 10:01:05 +0000` (RFC 2822) has whole seconds: the sequence number keeps the callbacks of one second
 * in order, as so many milliseconds.
 */
function timeOf(item: unknown): Outcome<Micros | null> {
  const text = textOf(item, 'Timestamp') ?? textOf(item, 'RecordingStartTime');
  if (text === null) return { ok: true, value: null };
  const isWritten =
    text.length < 40 && /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/.test(text);
  const millis = isWritten ? Date.parse(text) : Number.NaN;
  const at = Number.isNaN(millis) ? parseTime(text) : millis * MICROS_PER_MILLI;
  if (at === null)
    return refused('event_bad_time', '$.Timestamp', 'expected RFC 2822, as Mon, 30 Nov 2026 10:01:05 +0000');
  return { ok: true, value: at + sequenceOf(item) * MICROS_PER_MILLI };
}
