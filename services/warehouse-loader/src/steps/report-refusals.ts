import { createHash } from 'node:crypto';
import { type EventLog, type FailedEvent, type Micros, type Resolved, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicWriter, keepBody } from '@kenal/event-log';
import type { Refusal } from '../load.ts';

export interface ReportRefusalsDeps {
  readonly log: EventLog;
  readonly clock: () => Micros;
}

/** Step: keep what cannot be stored as failed events, durably, before the positions behind it are committed. */
export function createReportRefusalsStep({ log, clock }: ReportRefusalsDeps) {
  const writer = createTopicWriter<FailedEvent>(log, 'failed');
  const codec = createCodec<Resolved>('resolved');
  return async function reportRefusals(refusals: readonly Refusal[]): Promise<void> {
    const events = refusals.map((refusal) => failedEvent(refusal, codec.decode, clock()));
    await writer.append(events.map((value) => ({ key: `${value.workspace}:${value.source}`, value })));
  };
}

function failedEvent(refusal: Refusal, decode: (bytes: Uint8Array) => Resolved, now: Micros): FailedEvent {
  const { origin, code, reason } = refusal;
  const common = { stage: 'loader', code, path: '$', failedAt: now } as const;
  const interaction = origin.topic === TOPICS.resolved.name ? interactionOf(origin.value, decode) : null;
  if (interaction !== null) {
    const { workspace, source, id: messageId, receivedAt, receipt } = interaction;
    const kept = keepBody(Buffer.from(JSON.stringify(interaction)), reason, origin);
    const failureId = hashOf(workspace, source, messageId, receipt.collector, String(receipt.sequence), code);
    return {
      ...common,
      ...{ failureId, workspace, source, messageId, receivedAt, receipt, contentType: 'application/json' },
      ...kept,
    };
  }
  // A record of another topic, or one that nobody can read: it belongs to no workspace that we could know
  const { topic, partition, offset, value } = origin;
  return {
    ...common,
    failureId: hashOf(topic, String(partition), String(offset)),
    ...{ workspace: '', source: '', messageId: '', receivedAt: now, receipt: null },
    contentType: 'application/octet-stream',
    ...keepBody(value, `${topic}/${partition}@${offset}: ${reason}`, origin),
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
