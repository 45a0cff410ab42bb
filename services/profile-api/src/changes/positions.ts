import type { PartitionRange } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';

/** Offset of the next record to read, by partition. */
export type Positions = readonly number[];

const schema = z.array(z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)).min(1).max(1_024);

/** The `id:` of an event: where whoever has seen it goes on. */
export function cursorOf(positions: Positions): string {
  return writeCursor(positions);
}

/**
 * @param ranges what the topic has now, in the order of the partitions
 * @throws KenalError `bad_query` where it is no cursor of this feed, `cursor_gone` where something after it is gone
 */
export function positionsOf(cursor: string, ranges: readonly PartitionRange[]): Positions {
  const positions = readCursor(schema, cursor);
  if (positions.length !== ranges.length)
    throw new KenalError('bad_query', 'the cursor is not one that this endpoint gave');
  if (isBehind(positions, ranges)) throw cursorGone();
  if (ranges.some(({ partition, latest }) => positions[partition]! > latest))
    throw new KenalError('cursor_gone', `it is of a feed that is there no more; ${ANEW}`);
  return positions;
}

/** Whether the topic has dropped something that comes after the positions. */
export function isBehind(positions: Positions, ranges: readonly PartitionRange[]): boolean {
  return ranges.some(({ partition, earliest }) => (positions[partition] ?? 0) < earliest);
}

const ANEW =
  'read the profiles that you need anew, and follow with from=latest, or take what is left with from=earliest';

/** What follows a cursor is past the retention of the topic. */
export function cursorGone(): KenalError {
  return new KenalError('cursor_gone', `it is older than workspaces.retentionDays; ${ANEW}`);
}

/** @returns whether `a` has passed all that `b` has */
export function covers(a: Positions, b: Positions): boolean {
  return b.every((offset, partition) => a[partition]! >= offset);
}

/** @returns how far one who has read both would be */
export function furthest(a: Positions, b: Positions): Positions {
  return a.map((offset, partition) => Math.max(offset, b[partition]!));
}
