import { type EventLog, MICROS_PER_MILLI, type PartitionRange, parseTime, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { type Positions, positionsOf } from './positions.ts';

export interface StartAt {
  /** Cursor of the last change that was seen. */
  readonly cursor: string | null;
  /** `latest`, `earliest`, or a time. */
  readonly from: string;
}

/**
 * Where to begin.
 * @returns null: with what comes from now on
 * @throws KenalError `bad_query`, `cursor_gone`, `log_unavailable`
 */
export async function startOf(
  log: Pick<EventLog, 'read' | 'ranges'>,
  { cursor, from }: StartAt,
): Promise<Positions | null> {
  if (cursor === null && from === 'latest') return null;
  const ranges = await log.ranges(TOPICS.changes.name);
  if (cursor !== null) return positionsOf(cursor, ranges);
  if (from === 'earliest') return ranges.map(({ earliest }) => earliest);
  const since = parseTime(from);
  if (since === null)
    throw new KenalError('bad_query', 'from: must be latest, earliest, or a time such as 2026-03-31T12:00:00Z');
  return Promise.all(ranges.map((range) => firstSince(log, range, since / MICROS_PER_MILLI)));
}

/** The first record that the log took at a time or later; it takes them in the order of its clock. */
async function firstSince(log: Pick<EventLog, 'read'>, range: PartitionRange, sinceMs: number): Promise<number> {
  const { topic, partition } = range;
  let [low, high] = [range.earliest, range.latest];
  while (low < high) {
    const offset = Math.floor((low + high) / 2);
    const [record] = await log.read({ topic, partition, offset }, { records: 1 });
    if (record === undefined || record.timestamp >= sinceMs) high = offset;
    else low = record.offset + 1;
  }
  return low;
}
