import { FAILED_BODY, type FailedEvent, type Micros, type Receipt } from '@kenal/contracts';
import { MAX_BODY_BYTES } from '@kenal/event-log';
import type { BlobStore } from './blobs.ts';
import type { Fault } from './fault.ts';
import { hashOf } from './json/canonical.ts';
import type { Source } from './source.ts';

/** Original bytes as the log carries them: themselves, or the name of their blob. */
export interface KeptBody {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * Bring a body into a form that fits a log record: what is larger becomes a blob.
 * @param beside bytes that the record has to hold too
 * @throws where that cannot be kept
 */
export async function keepBody(blobs: BlobStore, body: Uint8Array, contentType: string, beside = 0): Promise<KeptBody> {
  if (body.byteLength + beside <= MAX_BODY_BYTES) return { body, contentType };
  return {
    body: Buffer.from(`sha256:${await blobs.put(body)}`),
    contentType: `${FAILED_BODY.blob}; type="${contentType.replaceAll('"', '')}"`,
  };
}

export interface RefusedEvent {
  readonly fault: Fault;
  /** '' where it could not be read. */
  readonly messageId: string;
  /** What it is known by within its source, so that a client's retry of the same bad event is seen to be the same failure; '' where by nothing. */
  readonly name: string;
  readonly kept: KeptBody;
  /** See `FailedEvent.frame`. */
  readonly frame: string;
  readonly receivedAt: Micros;
  readonly receipt: Receipt;
}

/** The record of an event that the collector refuses. */
export function toFailedEvent(source: Source, refusal: RefusedEvent, failedAt: Micros): FailedEvent {
  const { fault, messageId, receipt, kept } = refusal;
  const name = refusal.name === '' ? `${receipt.collector}/${receipt.sequence}` : refusal.name;
  return {
    failureId: hashOf(source.workspace, source.id, name, fault.code).slice(0, 40),
    workspace: source.workspace,
    source: source.id,
    messageId,
    receivedAt: refusal.receivedAt,
    failedAt,
    stage: 'collector',
    code: fault.code,
    path: fault.path,
    reason: fault.reason,
    body: kept.body as FailedEvent['body'],
    contentType: kept.contentType,
    receipt,
    frame: refusal.frame,
    change: null,
  };
}
