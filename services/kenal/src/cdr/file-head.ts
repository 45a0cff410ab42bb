import { hash } from 'node:crypto';

/** The first bytes of a file, by which it is known again under another name. */
export interface FileHead {
  readonly length: number;
  readonly digest: string;
}

const LONGEST = 1_024;
/** Of a file of which nothing was read. */
export const NO_HEAD: FileHead = { length: 0, digest: '' };

/** @param bytes the beginning of the file. @param read how much of the file was read: what comes later may be new */
export function headOf(bytes: Uint8Array, read: number): FileHead {
  const length = Math.min(LONGEST, read, bytes.length);
  return length === 0 ? NO_HEAD : { length, digest: hash('sha256', bytes.subarray(0, length), 'hex') };
}

/** Whether a file that begins with these bytes may be the one with this head. */
export function hasHead(bytes: Uint8Array, head: FileHead): boolean {
  return bytes.length >= head.length && headOf(bytes, head.length).digest === head.digest;
}

/** How many bytes to read of a file to compare heads. */
export const HEAD_BYTES = LONGEST;
