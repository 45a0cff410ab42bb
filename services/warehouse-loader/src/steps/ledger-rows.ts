import type { FailedChange, FailedEvent, Interaction, Micros, Receipt, ReceiptCount } from '@kenal/contracts';
import { columnsOf, createRowEncoder } from '@kenal/warehouse';
import { contentHash } from './interaction-row.ts';

/** A received copy: one that went to the interactions, or one that was refused. */
export interface ReceiptRow extends Receipt {
  readonly workspace: string;
  readonly source: string;
  readonly receivedAt: Micros;
  readonly refused: boolean;
  readonly messageId: string;
  /** 0 where it is unknown. */
  readonly contentHash: bigint;
  /** When it goes into the tables. */
  readonly storedAt: Micros;
}

const MICROS_PER_MINUTE = 60_000_000;

export const failedRows = (() => {
  const { text, word, moment, column } = columnsOf<FailedEvent>();
  return createRowEncoder<FailedEvent>([
    word('workspace', ({ workspace }) => workspace),
    text('failure_id', ({ failureId }) => failureId),
    word('source', ({ source }) => source),
    text('message_id', ({ messageId }) => messageId),
    moment('received_at', ({ receivedAt }) => receivedAt),
    moment('failed_at', ({ failedAt }) => failedAt),
    word('stage', ({ stage }) => stage),
    word('code', ({ code }) => code),
    text('path', ({ path }) => path),
    text('reason', ({ reason }) => reason),
    column('body', 'String', (writer, { body }) => writer.bytes(body)),
    word('content_type', ({ contentType }) => contentType),
    text('frame', ({ frame }) => frame),
  ]);
})();

/** A later word on a failed event. */
export const failedChangeRows = (() => {
  const { text, word, moment, column } = columnsOf<FailedEvent & { readonly change: FailedChange }>();
  return createRowEncoder<FailedEvent & { readonly change: FailedChange }>([
    word('workspace', ({ workspace }) => workspace),
    word('source', ({ source }) => source),
    text('failure_id', ({ failureId }) => failureId),
    word('state', ({ change }) => change.state),
    moment('at', ({ change }) => change.at),
    text('actor', ({ change }) => change.actor),
    text('note', ({ change }) => change.note),
    column('body', 'String', (writer, { body }) => writer.bytes(body)),
    word('content_type', ({ contentType }) => contentType),
  ]);
})();

export const receiptRows = (() => {
  const { text, word, minute, moment, uint64, column } = columnsOf<ReceiptRow>();
  return createRowEncoder<ReceiptRow>([
    word('workspace', ({ workspace }) => workspace),
    word('source', ({ source }) => source),
    minute('minute', ({ receivedAt }) => minuteOf(receivedAt)),
    word('collector', ({ collector }) => collector),
    uint64('sequence', ({ sequence }) => sequence),
    column('refused', 'UInt8', (writer, { refused }) => writer.byte(refused ? 1 : 0)),
    text('message_id', ({ messageId }) => messageId),
    column('content_hash', 'UInt64', (writer, row) => writer.uint64(row.contentHash)),
    moment('stored_at', ({ storedAt }) => storedAt),
  ]);
})();

/** What collectors say of themselves. */
export const countRows = (() => {
  const { word, moment, minute, uint64 } = columnsOf<ReceiptCount>();
  return createRowEncoder<ReceiptCount>([
    word('workspace', ({ workspace }) => workspace),
    word('source', ({ source }) => source),
    minute('minute', (count) => minuteOf(count.minute)),
    word('collector', ({ collector }) => collector),
    uint64('received', ({ received }) => received),
    uint64('acknowledged', ({ acknowledged }) => acknowledged),
    moment('counted_at', ({ countedAt }) => countedAt),
  ]);
})();

export function storedReceipt(interaction: Interaction, storedAt: Micros): ReceiptRow {
  const { workspace, source, receivedAt, receipt, id: messageId } = interaction;
  const { collector, sequence } = receipt;
  return {
    workspace,
    source,
    receivedAt,
    collector,
    sequence,
    messageId,
    refused: false,
    contentHash: contentHash(interaction),
    storedAt,
  };
}

/** @returns null where no collector gave it a receipt */
export function refusedReceipt(
  { workspace, source, receivedAt, messageId, receipt }: FailedEvent,
  storedAt: Micros,
): ReceiptRow | null {
  if (receipt === null) return null;
  const { collector, sequence } = receipt;
  return { workspace, source, receivedAt, collector, sequence, messageId, refused: true, contentHash: 0n, storedAt };
}

/** Start of the minute in seconds. */
const minuteOf = (at: Micros): number => Math.floor(at / MICROS_PER_MINUTE) * 60;
