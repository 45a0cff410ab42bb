import type { RecordName } from '@kenal/contracts';

/** By owner, then source, by code point. */
export function compareRecords(a: RecordName, b: RecordName): number {
  return compareText(a.owner, b.owner) || compareText(a.source, b.source);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
