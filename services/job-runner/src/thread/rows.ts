import type { RowEncoder } from '@kenal/warehouse';
import type { Answer } from './answer.ts';

/** Rows for an insert, one behind the other: what goes from thread to thread without being copied. */
export interface EncodedRows {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** @returns the rows as an answer that is given away */
export function encoded<T>(encoder: RowEncoder<T>, rows: readonly T[]): Answer & { readonly answer: EncodedRows } {
  return encodedRows(encoder, rows.length, (at) => rows[at]!);
}

/** The same of rows that are made when they are asked for. */
export function encodedRows<T>(
  encoder: RowEncoder<T>,
  count: number,
  rowAt: (at: number) => T,
): Answer & { readonly answer: EncodedRows } {
  const parts = Array.from({ length: count }, (_, at) => encoder.encode(rowAt(at)));
  const ends = new Uint32Array(parts.length);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const [at, part] of parts.entries()) {
    bytes.set(part, end);
    end += part.length;
    ends[at] = end;
  }
  return { answer: { bytes, ends }, given: [bytes.buffer, ends.buffer] };
}

/** The rows, one by one. */
export function rowsOf({ bytes, ends }: EncodedRows): Uint8Array[] {
  return Array.from(ends, (end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end));
}
