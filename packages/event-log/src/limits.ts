import type { LogRecord } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';

/**
 * Greatest size of one record: key + value + headers, in bytes. Kafka's default `message.max.bytes` is 1,048,588 for a
 * whole record batch with its framing; what is larger goes to a blob folder, and the log carries its hash.
 */
export const MAX_RECORD_BYTES = 1_000_000;

/** Longest content of a record whose envelope (ids, reasons, framing, what a later step adds) is not known yet. */
export const MAX_BODY_BYTES = MAX_RECORD_BYTES - 100_000;

/** Size of a record as the log counts it. @throws KenalError `event_too_large` over {@link MAX_RECORD_BYTES} */
export function checkedSize(record: LogRecord): number {
  let bytes = record.value.byteLength + (record.key === null ? 0 : Buffer.byteLength(record.key));
  if (record.headers !== undefined) {
    for (const name in record.headers) bytes += Buffer.byteLength(name) + Buffer.byteLength(record.headers[name] ?? '');
  }
  if (bytes > MAX_RECORD_BYTES)
    throw new KenalError('event_too_large', `a log record of ${bytes} bytes; ${MAX_RECORD_BYTES} are the most`);
  return bytes;
}
