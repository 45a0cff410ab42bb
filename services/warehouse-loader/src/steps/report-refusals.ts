import { createHash } from 'node:crypto';
import {
  type Clock,
  type EventLog,
  FAILED_BODY,
  type FailedEvent,
  formatTime,
  type Interaction,
  type Micros,
  type ReferenceRecord,
  type Resolved,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createTopicWriter, failedItem, type RefusedRecord } from '@kenal/event-log';
import type { Refusal } from '../load.ts';

export interface ReportRefusalsDeps {
  readonly log: EventLog;
  readonly clock: Clock;
}

/** Step: keep what cannot be stored as failed events, durably, before the positions behind it are committed. */
export function createReportRefusalsStep({ log, clock }: ReportRefusalsDeps) {
  const writer = createTopicWriter<FailedEvent>(log, 'failed');
  const resolved = createCodec<Resolved>('resolved');
  const records = createCodec<ReferenceRecord>('record');

  function whoseOf({ topic, value }: Refusal['origin']): Whose | null {
    try {
      if (topic === TOPICS.resolved.name) return whoseInteraction(resolved.decode(value).interaction);
      return topic === TOPICS.records.name ? whoseRecord(records.decode(value)) : null;
    } catch {
      return null;
    }
  }

  return async function reportRefusals(refusals: readonly Refusal[]): Promise<void> {
    await writer.append(
      refusals.map((refusal) => failedItem(describe(refusal, whoseOf(refusal.origin), clock()), refusal.origin)),
    );
  };
}

/** What is known of a refused record that can be read. */
type Whose = Pick<
  RefusedRecord,
  'workspace' | 'source' | 'messageId' | 'receivedAt' | 'receipt' | 'body' | 'contentType'
>;

function whoseInteraction(interaction: Interaction): Whose {
  const { workspace, source, id: messageId, receivedAt, receipt } = interaction;
  const body = new TextEncoder().encode(JSON.stringify(interaction));
  return { workspace, source, messageId, receivedAt, receipt, body, contentType: 'application/json' };
}

/** As `POST /v1/records` takes it. */
function whoseRecord({ kind, id, validFrom, validTo, recordedAt, values, ...record }: ReferenceRecord): Whose {
  const { workspace, source, receivedAt, receipt } = record;
  const time = (micros: Micros | null): string | null => (micros === null ? null : formatTime(micros));
  const times = { from: time(validFrom), to: time(validTo), recorded_at: time(recordedAt) };
  const sent = { ...(JSON.parse(values) as object), kind, id, ...times };
  const body = new TextEncoder().encode(JSON.stringify(sent));
  return { workspace, source, messageId: id, receivedAt, receipt, body, contentType: FAILED_BODY.record };
}

function describe(refusal: Refusal, whose: Whose | null, now: Micros): RefusedRecord {
  const { origin, code, reason } = refusal;
  const common = { stage: 'loader', code, failedAt: now } as const;
  if (whose !== null) {
    const { workspace, source, messageId, receipt } = whose;
    const failureId = hashOf(workspace, source, messageId, receipt?.collector ?? '', `${receipt?.sequence}`, code);
    return { ...common, ...whose, failureId, reason };
  }
  // A record of another topic, or one that nobody can read: it belongs to no workspace that we could know
  const { topic, partition, offset, value } = origin;
  return {
    ...common,
    failureId: hashOf(topic, String(partition), String(offset)),
    ...{ workspace: '', source: '', messageId: '', receivedAt: now, receipt: null },
    ...{ reason: `${topic}/${partition}@${offset}: ${reason}` },
    ...{ body: new Uint8Array(value), contentType: 'application/octet-stream' },
  };
}

function hashOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32);
}
