import { createHash } from 'node:crypto';
import { type Clock, type EventLog, type FailedEvent, type Micros, type Resolved, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicWriter, failedItem, type RefusedRecord } from '@kenal/event-log';
import type { Refusal } from '../load.ts';

export interface ReportRefusalsDeps {
  readonly log: EventLog;
  readonly clock: Clock;
}

/** Step: keep what cannot be stored as failed events, durably, before the positions behind it are committed. */
export function createReportRefusalsStep({ log, clock }: ReportRefusalsDeps) {
  const writer = createTopicWriter<FailedEvent>(log, 'failed');
  const codec = createCodec<Resolved>('resolved');
  return async function reportRefusals(refusals: readonly Refusal[]): Promise<void> {
    await writer.append(
      refusals.map((refusal) => failedItem(describe(refusal, codec.decode, clock()), refusal.origin)),
    );
  };
}

function describe(refusal: Refusal, decode: (bytes: Uint8Array) => Resolved, now: Micros): RefusedRecord {
  const { origin, code, reason } = refusal;
  const common = { stage: 'loader', code, failedAt: now } as const;
  const interaction = origin.topic === TOPICS.resolved.name ? interactionOf(origin.value, decode) : null;
  if (interaction !== null) {
    const { workspace, source, id: messageId, receivedAt, receipt } = interaction;
    const failureId = hashOf(workspace, source, messageId, receipt.collector, String(receipt.sequence), code);
    return {
      ...common,
      ...{ failureId, workspace, source, messageId, receivedAt, receipt, reason },
      ...{ body: new TextEncoder().encode(JSON.stringify(interaction)), contentType: 'application/json' },
    };
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

function interactionOf(value: Uint8Array, decode: (bytes: Uint8Array) => Resolved): Resolved['interaction'] | null {
  try {
    return decode(value).interaction;
  } catch {
    return null;
  }
}

function hashOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32);
}
