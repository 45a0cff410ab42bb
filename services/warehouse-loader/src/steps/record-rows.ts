import { hash } from 'node:crypto';
import type { ReferenceRecord } from '@kenal/contracts';
import { columnsOf, createRowEncoder, storableJson } from '@kenal/warehouse';

const { text, word, moment, optionalMoment, column } = columnsOf<ReferenceRecord>();

/** "From ever" in a column that rows are sorted and joined by: the warehouse's earliest time. */
const EVER = Date.UTC(1900, 0, 1) * 1_000;

/** Rows of `kenal.record_rows`. */
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
]);

/** The last word has the highest; among those of one moment all that they hold decides, so that no two differ in rows. */
function versionOf({ recordedAt, receivedAt, validTo, source, values }: ReferenceRecord): bigint {
  const content = JSON.stringify([source, validTo, receivedAt, values]);
  return (BigInt(recordedAt) << 64n) | hash('sha256', content, 'buffer').readBigUInt64BE();
}
