import type { LogRecord, StoredRecord } from '@kenal/contracts';

/**
 * Many records as one blob, for one row of SQLite. Each record, little-endian:
 * u32 key bytes + 1 (0: no key) · u32 value bytes · u32 header bytes (JSON; 0: none) · key · value · headers.
 * @param rows each becomes a blob
 * @returns the blobs, side by side in one buffer of their own, which can be handed to another thread as one
 */
export function packRows(rows: readonly (readonly LogRecord[])[]): readonly Uint8Array<ArrayBuffer>[] {
  const headers = rows.map((row) => row.map((one) => (one.headers === undefined ? '' : JSON.stringify(one.headers))));
  let size = 0;
  for (const [i, row] of rows.entries())
    for (const [j, record] of row.entries()) size += PREFIX_BYTES + sizeOf(record, headers[i]![j]!);
  const packed = Buffer.allocUnsafeSlow(size);
  let at = 0;
  return rows.map((row, i) => {
    const start = at;
    for (const [j, record] of row.entries()) at = packRecord(packed, at, record, headers[i]![j]!);
    return packed.subarray(start, at) as Uint8Array<ArrayBuffer>;
  });
}

const PREFIX_BYTES = 12;

function sizeOf({ key, value }: LogRecord, headers: string): number {
  return (key === null ? 0 : Buffer.byteLength(key)) + value.byteLength + Buffer.byteLength(headers);
}

/** @returns where the next one begins */
function packRecord(packed: Buffer, start: number, { key, value }: LogRecord, headers: string): number {
  let at = start + PREFIX_BYTES;
  const keyBytes = key === null ? 0 : packed.write(key, at);
  at += keyBytes;
  packed.set(value, at);
  at += value.byteLength;
  const headerBytes = headers === '' ? 0 : packed.write(headers, at);
  packed.writeUInt32LE(key === null ? 0 : keyBytes + 1, start);
  packed.writeUInt32LE(value.byteLength, start + 4);
  packed.writeUInt32LE(headerBytes, start + 8);
  return at + headerBytes;
}

/** One stored row: `count` records of a partition from `baseOffset` on. */
export interface PackedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: number;
  readonly count: number;
  readonly timestamp: number;
  readonly data: Uint8Array;
}

/** The reverse of {@link packRows}: the records from offset `from` on. Values are views into `data`, not copies. */
export function unpackRecords(batch: PackedBatch, from: number): StoredRecord[] {
  const { topic, partition, timestamp, baseOffset } = batch;
  const data = Buffer.from(batch.data.buffer, batch.data.byteOffset, batch.data.byteLength);
  const records: StoredRecord[] = [];
  let at = 0;
  for (let i = 0; i < batch.count; i++) {
    const offset = baseOffset + i;
    const keyBytes = data.readUInt32LE(at) - 1;
    const valueStart = at + PREFIX_BYTES + Math.max(keyBytes, 0);
    const headerStart = valueStart + data.readUInt32LE(at + 4);
    const end = headerStart + data.readUInt32LE(at + 8);
    if (offset >= from) {
      const key = keyBytes < 0 ? null : data.toString('utf8', at + PREFIX_BYTES, valueStart);
      const value = batch.data.subarray(valueStart, headerStart);
      if (end === headerStart) records.push({ topic, partition, offset, timestamp, key, value });
      else {
        const headers = JSON.parse(data.toString('utf8', headerStart, end)) as Record<string, string>;
        records.push({ topic, partition, offset, timestamp, key, value, headers });
      }
    }
    at = end;
  }
  return records;
}
