import { hash } from 'node:crypto';
import {
  type Mapped,
  NOTHING,
  type Outcome,
  refused,
  type Source,
  type Vendor,
  at as within,
} from '@kenal/collector-kit';
import { DEFAULT_CDR_COLUMNS } from '@kenal/contracts';
import { type CallOutcome, callEvent, endOf } from '../call/call-event.ts';
import { type Party, partyOf } from '../call/party.ts';
import { cellsOf } from '../cdr/cells.ts';
import { type CdrLine, readLines } from '../cdr/lines.ts';
import { type CdrRecord, recordOf } from '../cdr/record.ts';

const MOST_BYTES = 4 * 1024 * 1024;
const LONGEST_LINE = 16_384;
const LONGEST_UNIQUE_ID = 150;
/** Columns at the end that an exchange may be told to leave out. */
const OPTIONAL = 2;

/** Applications in which a caller waits for somebody; a call that ends in one without a second channel reached nobody. */
const WAITING: ReadonlySet<string> = new Set([
  ...['queue', 'dial', 'retrydial', 'followme', 'background', 'waitexten', 'read', 'wait', 'ringing', 'progress'],
  ...['playback', 'playtones', 'musiconhold', 'congestion', 'busy'],
]);

/**
 * Asterisk: call detail records as `cdr_csv` writes them, whole files or line by line. Each line is one leg of a call
 * and one event, whose id depends on nothing but the line and how many equal ones came before it in its file: upload,
 * tail and import of the same lines give the same. View `calls` joins the legs.
 * https://docs.asterisk.org/Configuration/Reporting/Call-Detail-Records-CDR/CDR-Specification/
 */
export const asterisk: Vendor = {
  kind: 'asterisk',
  maxBytes: MOST_BYTES,
  read: readLines,
  split: (payload) => (Array.isArray(payload) ? payload : [payload]),
  map(item, { source }) {
    const given = lineOf(item);
    if (!given.ok) return given;
    const columns = source.config.columns ?? DEFAULT_CDR_COLUMNS;
    const cells = cellsOf(given.value.line);
    if (cells === null) return refused('bad_body', '$.line', 'a quote is not closed');
    if (cells.every((cell, place) => cell.trim().toLowerCase() === columns[place])) return NOTHING;
    const fewest = source.config.columns === undefined ? columns.length - OPTIONAL : columns.length;
    if (cells.length < fewest || cells.length > columns.length)
      return refused(
        'bad_body',
        '$.line',
        `${cells.length} cells; there are ${columns.length} columns (option columns)`,
      );
    const record = recordOf(cells, columns, source);
    return record.ok ? legOf(record.value, given.value, source) : record;
  },
};

function lineOf(item: unknown): Outcome<CdrLine> {
  const line = within(item, 'line');
  const occurrence = within(item, 'occurrence');
  if (typeof line !== 'string' || line.length > LONGEST_LINE)
    return refused('event_bad_field', '$.line', `expected text of ${LONGEST_LINE} characters at most`);
  if (typeof occurrence !== 'number' || !Number.isSafeInteger(occurrence) || occurrence < 1)
    return refused('event_bad_field', '$.occurrence', 'expected 1, 2, …');
  return { ok: true, value: { line, occurrence } };
}

function legOf(record: CdrRecord, { line, occurrence }: CdrLine, source: Source): Mapped {
  const { cell, startedAt, endedAt, answeredAt, totalSeconds, billedSeconds } = record;
  const outcome = outcomeOf(record);
  if (outcome === null)
    return refused('event_bad_field', '$.disposition', 'there are ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION');
  const uniqueId = cell('uniqueid') || 'cdr';
  if (uniqueId.length > LONGEST_UNIQUE_ID) return refused('event_bad_field', '$.uniqueid', 'too long');
  const digest = hash('sha256', line, 'hex').slice(0, 16);
  const messageId = `${uniqueId}.${digest}${occurrence === 1 ? '' : `.${occurrence}`}`;
  const { from, to, agent } = endsOf(record, source);
  const isAnswered = outcome === 'answered';
  const leg = callEvent(source, {
    ...{ messageId, legId: messageId, name: endOf(outcome), at: endedAt, outcome, agent },
    callId: (cell('linkedid') || cell('uniqueid') || messageId).slice(0, LONGEST_UNIQUE_ID),
    parties: { from, to, said: null },
    times: {
      ...{ startedAt, endedAt, totalSeconds, answeredAt: isAnswered ? answeredAt : null },
      ringSeconds: isAnswered ? totalSeconds - billedSeconds : null,
      talkSeconds: isAnswered ? billedSeconds : 0,
    },
    more: {
      ...{ disposition: cell('disposition').toUpperCase(), application: cell('lastapp'), queue: queueOf(record) },
      ...{ context: cell('dcontext'), caller_name: callerName(cell('clid')), account_code: cell('accountcode') },
      ...{ channel: cell('channel'), destination_channel: cell('dstchannel'), user_field: cell('userfield') },
    },
  });
  return { ok: true, value: [leg] };
}

/** @returns null for a disposition that there is not */
function outcomeOf({ cell }: CdrRecord): CallOutcome | null {
  const application = cell('lastapp').toLowerCase();
  switch (cell('disposition').toUpperCase()) {
    case 'ANSWERED':
      // A telephone that rang before is named still; the message is what came of it
      if (application === 'voicemail' || application === 'minivmrecord') return 'voicemail';
      return cell('dstchannel') === '' && WAITING.has(application) ? 'abandoned' : 'answered';
    case 'NO ANSWER':
    case 'BUSY':
    case 'FAILED':
    case 'CONGESTION':
      // Whoever waits in a queue stays until they hang up
      return application === 'queue' ? 'abandoned' : 'missed';
    default:
      return null;
  }
}

/**
 * Who called whom. A telephone of ours is known by its channel where the number is not: somebody who calls out shows the
 * number of the house, and a number of ours that nobody listed rings an extension.
 */
function endsOf({ cell }: CdrRecord, source: Source): { from: Party; to: Party; agent: string | null } {
  const [channel, destination] = [cell('channel'), cell('dstchannel')];
  const calling = channel.startsWith('Local/') ? null : extensionOf(channel);
  const rung = extensionOf(destination);
  const from = partyOf(source, cell('src'), calling !== null);
  const to = partyOf(source, cell('dst'), !from.isOurs && rung !== null);
  return { from, to, agent: from.isOurs && !to.isOurs ? (calling ?? from.number) : rung };
}

/** `PJSIP/2001-0000001a`, `Local/2001@from-queue-00000003;1` → `2001`; a trunk, `SIP/provider-00000012`, is none. */
function extensionOf(channel: string): string | null {
  const slash = channel.indexOf('/');
  if (slash === -1) return null;
  const name = channel.slice(slash + 1).split(/[@;]/, 1)[0] ?? '';
  const dash = name.lastIndexOf('-');
  const endpoint = dash > 0 ? name.slice(0, dash) : name;
  return /^\d{2,6}$/.test(endpoint) ? endpoint : null;
}

/** `support,t,,,60` → `support` */
function queueOf({ cell }: CdrRecord): string | null {
  return cell('lastapp').toLowerCase() === 'queue' ? (cell('lastdata').split(/[,|]/, 1)[0] ?? null) : null;
}

/** `"Jane Doe" <02071838750>` → `Jane Doe`; as the network shows it, so no trait. */
function callerName(clid: string): string | null {
  const name = clid.startsWith('"') ? clid.slice(1).split('"', 1)[0] : clid.split('<', 1)[0];
  return name?.trim() || null;
}
