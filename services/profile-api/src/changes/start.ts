import { type EventLog, MICROS_PER_MILLI, parseTime, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { firstSince } from '@kenal/event-log';
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
