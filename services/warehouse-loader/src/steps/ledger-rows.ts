import type { FailedEvent, Interaction, Micros, Receipt, ReceiptCount } from '@kenal/contracts';
import { contentHash } from './interaction-row.ts';

const MICROS_PER_MINUTE = 60_000_000;

/** A refused event as a JSON line for `kenal.failed_rows`. */
export function failedRow(failed: FailedEvent): string {
  const { body, receipt: _, receivedAt, failedAt, failureId, messageId, contentType, ...rest } = failed;
  const base64 = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
  const columns = {
    ...rest,
    failure_id: failureId,
    message_id: messageId,
    received_at: receivedAt,
    failed_at: failedAt,
    content_type: contentType,
    body_base64: base64,
  };
  return `${JSON.stringify(columns, (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value))}\n`;
}

/** A received copy that went to the interactions, as a JSON line for `kenal.receipts`. */
export function storedReceiptRow(interaction: Interaction): string {
  return receiptRow(interaction, interaction.receipt, 0, interaction.id, contentHash(interaction));
}

/** A received copy that was refused. @returns null where no collector gave it a receipt */
export function failedReceiptRow(failed: FailedEvent): string | null {
  return failed.receipt === null ? null : receiptRow(failed, failed.receipt, 1, failed.messageId, '0');
}

/** What a collector says of itself, as a JSON line for `kenal.receipt_counts`. */
export function countRow(count: ReceiptCount): string {
  return (
    `{"workspace":${q(count.workspace)},"source":${q(count.source)},"minute":${seconds(count.minute)}` +
    `,"collector":${q(count.collector)},"received":${count.received},"acknowledged":${count.acknowledged}` +
    `,"counted_at":${count.countedAt}}\n`
  );
}

function receiptRow(
  event: { readonly workspace: string; readonly source: string; readonly receivedAt: Micros },
  receipt: Receipt,
  refused: 0 | 1,
  messageId: string,
  hash: string,
): string {
  return (
    `{"workspace":${q(event.workspace)},"source":${q(event.source)},"minute":${seconds(event.receivedAt)}` +
    `,"collector":${q(receipt.collector)},"sequence":${receipt.sequence},"refused":${refused}` +
    `,"message_id":${q(messageId)},"content_hash":${hash}}\n`
  );
}

/** Start of the minute in seconds: what a DateTime column takes. */
const seconds = (at: Micros): number => Math.floor(at / MICROS_PER_MINUTE) * 60;

const q = (value: string): string => JSON.stringify(value);
