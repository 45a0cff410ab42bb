import { hash } from 'node:crypto';
import type { Micros, ReferenceRecord } from '@kenal/contracts';
import { columnsOf, createRowEncoder, storableJson } from '@kenal/warehouse';
import type { ReceiptRow } from './ledger-rows.ts';

const { text, word, moment, optionalMoment, uint64, column } = columnsOf<ReferenceRecord>();

/** "From ever" in a column that rows are sorted and joined by: the warehouse's earliest time. */
const EVER = Date.UTC(1900, 0, 1) * 1_000;

/** Rows of `kenal.record_words`. */
export const recordRows = createRowEncoder<ReferenceRecord>([
  word('workspace', ({ workspace }) => workspace),
  word('kind', ({ kind }) => kind),
  text('id', ({ id }) => id),
  moment('valid_from', ({ validFrom }) => validFrom ?? EVER),
  optionalMoment('valid_to', ({ validTo }) => validTo),
  word('source', ({ source }) => source),
  text('values', ({ values }) => storableJson(values)),
  moment('received_at', ({ receivedAt }) => receivedAt),
  moment('recorded_at', ({ recordedAt }) => recordedAt),
  column('ver', 'UInt128', (writer, record) => writer.int128(versionOf(record))),
  text('receipt_collector', ({ receipt }) => receipt?.collector ?? null),
  uint64('receipt_sequence', ({ receipt }) => receipt?.sequence ?? 0),
]);

/** The last word has the highest; among those of one moment all that they hold decides, so that no two differ in rows. */
function versionOf({ recordedAt, receivedAt, validTo, source, values }: ReferenceRecord): bigint {
  const content = JSON.stringify([source, validTo, receivedAt, values]);
  return (BigInt(recordedAt) << 64n) | hash('sha256', content, 'buffer').readBigUInt64BE();
}

/** A received copy of a record; null where it came before records were counted. It is named as `kenal.balance` names the row. */
export function recordReceipt(record: ReferenceRecord, storedAt: Micros): ReceiptRow | null {
  const { workspace, source, kind, id, validFrom, receivedAt, receipt } = record;
  if (receipt === null) return null;
  const messageId = `record:${kind}/${id}@${validFrom ?? EVER}`;
  // Words on one thing differ, and none is in conflict with the one before
  return { workspace, source, receivedAt, ...receipt, messageId, refused: false, contentHash: 0n, storedAt };
}
