import type { LogPosition } from './ports/event-log.ts';

/** Header of an answer of the tracking API, and of a read that waits for what was written: read your own writes. */
export const POSITION_HEADER = 'x-kenal-position';

/** The next offset of each partition that somebody wrote to. */
export type WritePosition = ReadonlyMap<number, number>;

const PART = /^(\d{1,6})-(\d{1,15})$/;
const MOST_PARTITIONS = 1_000;

/**
 * Where the interactions of one request stand in the log, as text: `3-1043.5-78` is before offset 1043 of partition 3 and
 * before 78 of partition 5.
 * @param positions of the records, in any order; '' for none
 */
export function writePosition(positions: readonly Pick<LogPosition, 'partition' | 'offset'>[]): string {
  const next = new Map<number, number>();
  for (const { partition, offset } of positions) next.set(partition, Math.max(next.get(partition) ?? 0, offset + 1));
  return [...next].map(([partition, offset]) => `${partition}-${offset}`).join('.');
}

/** @returns null where it is no position */
export function readPosition(text: string): WritePosition | null {
  const parts = text.split('.').map((part) => PART.exec(part));
  if (parts.length > MOST_PARTITIONS || parts.some((part) => part === null)) return null;
  return new Map(parts.map((part) => [Number(part![1]), Number(part![2])]));
}
