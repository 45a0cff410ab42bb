import {
  at,
  type KenalEvent,
  listOf,
  NOTHING,
  type Outcome,
  type Payload,
  readJson,
  refused,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { type Direction, type Micros, parseTime } from '@kenal/contracts';
import { type CallOutcome, callEvent, endOf, type LegTimes, secondsBetween, secondsOf } from '../call/call-event.ts';
import { partyOf } from '../call/party.ts';

const MOST_BYTES = 4 * 1024 * 1024;
const LONGEST_ID = 128;
/** Ways in which a contact begins that we began. */
const OUTBOUND: ReadonlySet<string> = new Set([
  'OUTBOUND',
  'EXTERNAL_OUTBOUND',
  'CALLBACK',
  'AGENT_REPLY',
  'CAMPAIGN_PREVIEW',
]);
/** An outbound call that reached nobody. */
const NOT_REACHED = /^(?:OUTBOUND_|TELECOM_|EXPIRED|CUSTOMER_NEVER_ARRIVED|BARGED)/;

/**
 * Amazon Connect contact records. Connect sends a record again when it learns more of the contact: each
 * `LastUpdateTimestamp` is an event of its own of the same leg, and view `calls` goes by the newest. A transfer is a
 * contact of its own with the same `InitialContactId`.
 * https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html
 */
export const connect: Vendor = {
  kind: 'connect',
  maxBytes: MOST_BYTES,
  read: readRecords,
  split: (payload) => (Array.isArray(payload) ? payload : [payload]),
  map(item, { source }) {
    const legId = textOf(item, 'ContactId');
    if (legId === null || legId.length > LONGEST_ID)
      return refused('event_missing_field', '$.ContactId', 'a contact record has one');
    // Chats, tasks and mails have records too; who listens in takes no part
    if (textOf(item, 'Channel') !== 'VOICE' || textOf(item, 'InitiationMethod') === 'MONITOR') return NOTHING;
    const updatedAt = momentOf(item, 'LastUpdateTimestamp');
    if (updatedAt === null) return refused('event_bad_time', '$.LastUpdateTimestamp', 'expected ISO 8601');
    const endedAt = momentOf(item, 'DisconnectTimestamp');
    if (endedAt === null) return refused('event_bad_time', '$.DisconnectTimestamp', 'expected ISO 8601');
    return { ok: true, value: eventsOf({ item, source, legId, updatedAt, endedAt }) };
  },
};

/** A record, a list of them, or what a Lambda gets of their Kinesis stream: `{"Records": [{"kinesis": {"data": "eyJ…"}}]}`. */
function readRecords(body: Buffer): Outcome<Payload> {
  const read = readJson(body);
  if (!read.ok || !Array.isArray(at(read.value, 'Records'))) return read;
  const records: unknown[] = [];
  for (const record of listOf(read.value, 'Records')) {
    const data = readJson(Buffer.from(textOf(record, 'kinesis', 'data') ?? '', 'base64'));
    records.push(data.ok ? data.value : record); // one that cannot be read is refused alone
  }
  return { ok: true, value: records };
}

interface Contact {
  readonly item: unknown;
  readonly source: Parameters<typeof callEvent>[0];
  readonly legId: string;
  readonly updatedAt: Micros;
  readonly endedAt: Micros;
}

function eventsOf(contact: Contact): KenalEvent[] {
  const { item, source, legId, updatedAt, endedAt } = contact;
  const said: Direction = OUTBOUND.has(textOf(item, 'InitiationMethod') ?? '') ? 'outbound' : 'inbound';
  const customer = partyOf(source, textOf(item, 'CustomerEndpoint', 'Address'));
  const house = partyOf(source, textOf(item, 'SystemEndpoint', 'Address'), true);
  const outcome = outcomeOf(item, said);
  const initial = textOf(item, 'InitialContactId');
  const leg = {
    ...{ at: endedAt, legId, callId: initial === null || initial.length > LONGEST_ID ? legId : initial },
    parties: said === 'outbound' ? { from: house, to: customer, said } : { from: customer, to: house, said },
    agent: textOf(item, 'Agent', 'Username'),
  };
  const recording = recordingOf(item);
  const event = callEvent(source, {
    ...leg,
    ...{ messageId: `${legId}.${updatedAt}`, name: endOf(outcome), outcome },
    times: timesOf(contact, outcome),
    more: {
      updated_at: new Date(Math.floor(updatedAt / 1_000)).toISOString(),
      ...{ queue: textOf(item, 'Queue', 'Name'), reason: textOf(item, 'DisconnectReason'), recording_url: recording },
      ...{ hold_seconds: secondsOf(textOf(item, 'Agent', 'CustomerHoldDuration')) },
      ...{ wrap_up_seconds: secondsOf(textOf(item, 'Agent', 'AfterContactWorkDuration')) },
      ...{ initiation: textOf(item, 'InitiationMethod'), previous_leg_id: textOf(item, 'PreviousContactId') },
    },
  });
  if (recording === null) return [event];
  const available = {
    messageId: `${legId}.recording`,
    name: 'Recording Available',
    more: { recording_url: recording },
  } as const;
  return [event, callEvent(source, { ...leg, ...available })];
}

function timesOf({ item, endedAt }: Contact, outcome: CallOutcome): LegTimes {
  const startedAt = momentOf(item, 'InitiationTimestamp');
  const answeredAt = outcome === 'answered' ? momentOf(item, 'Agent', 'ConnectedToAgentTimestamp') : null;
  const talkSeconds = answeredAt === null ? 0 : secondsOf(textOf(item, 'Agent', 'AgentInteractionDuration'));
  return {
    ...{ startedAt, answeredAt, endedAt, talkSeconds },
    ringSeconds: secondsBetween(startedAt, answeredAt),
    totalSeconds: secondsBetween(startedAt, endedAt),
  };
}

function outcomeOf(item: unknown, direction: Direction): CallOutcome {
  const reason = textOf(item, 'DisconnectReason') ?? '';
  const machine = textOf(item, 'AnsweringMachineDetectionStatus') ?? '';
  if (direction === 'outbound' && machine.startsWith('VOICEMAIL')) return 'voicemail';
  if (
    direction === 'outbound' &&
    (NOT_REACHED.test(reason) || machine.startsWith('SIT_TONE') || machine === 'FAX_MACHINE_DETECTED')
  )
    return 'missed';
  if (momentOf(item, 'Agent', 'ConnectedToAgentTimestamp') !== null) return 'answered';
  if (direction === 'outbound') return momentOf(item, 'ConnectedToSystemTimestamp') === null ? 'missed' : 'answered';
  const hungUp = reason === '' || reason === 'CUSTOMER_DISCONNECT';
  const queued = momentOf(item, 'Queue', 'EnqueueTimestamp') !== null;
  if (queued) return hungUp ? 'abandoned' : 'missed';
  // Nobody was asked for: a flow that came to its end has served the caller
  return hungUp ? 'abandoned' : 'answered';
}

/** Where the recording lies, `bucket/connect/…/x.wav`; null where there is none, or no longer. */
function recordingOf(item: unknown): string | null {
  return textOf(item, 'Recording', 'Status') === 'AVAILABLE' ? textOf(item, 'Recording', 'Location') : null;
}

function momentOf(item: unknown, ...path: readonly string[]): Micros | null {
  return parseTime(textOf(item, ...path));
}
