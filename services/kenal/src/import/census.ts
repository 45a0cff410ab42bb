import { AnswerError } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { sqlRows } from '../client/sql.ts';

/** What a source has of imported rows at one moment, of this and of earlier imports. */
export interface Census {
  /** Interactions whose id is a row's (row-ids.ts), each once. */
  readonly stored: number;
  /** Rows that were accepted and then refused on the way to the warehouse; they are failed events. */
  readonly refused: number;
}

/** What became of accepted rows. `accepted` = new + known + refusedLater. */
export interface Growth {
  /** Rows that the source has now and had not before. */
  readonly new: number;
  /** Rows that it had already: imported before, so they changed nothing. */
  readonly known: number;
  readonly refusedLater: number;
}

const COUNT = `SELECT
  (SELECT count() FROM interactions WHERE source = {source:String} AND startsWith(message_id, 'row-')) AS stored,
  (SELECT count() FROM failed_events WHERE source = {source:String} AND startsWith(message_id, 'row-') AND stage != 'collector') AS refused`;

/**
 * Count, once everything that was accepted before is stored (`waitUntilStored`): only then is it known which rows are
 * copies, since they are told apart by their ids where they are stored, not where they are accepted.
 * @returns null where the source is not known by its id, or the key may not read
 */
export async function takeCensus(instance: Instance, source: string | undefined): Promise<Census | null> {
  if (source === undefined) return null;
  try {
    const [row] = await sqlRows<Record<keyof Census, string>>(instance, COUNT, { source });
    return row === undefined ? null : { stored: Number(row.stored), refused: Number(row.refused) };
  } catch (error) {
    if (error instanceof AnswerError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

/** @returns null where the counts do not fit together: somebody else imports into this source, or something was erased */
export function growthOf(before: Census | null, after: Census | null, accepted: number): Growth | null {
  if (before === null || after === null) return null;
  const added = after.stored - before.stored;
  const refusedLater = after.refused - before.refused;
  const known = accepted - added - refusedLater;
  return Math.min(added, refusedLater, known) < 0 ? null : { new: added, known, refusedLater };
}
