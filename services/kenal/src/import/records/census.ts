import type { RecordKind } from '@kenal/contracts';
import { AnswerError } from '../../client/call.ts';
import type { Instance } from '../../client/instance.ts';
import { sqlRows } from '../../client/sql.ts';

/** What became of accepted records. `accepted` = new + known. */
export interface RecordsGrowth {
  /** Of a thing, or a time of it, of which nothing was known. */
  readonly new: number;
  /** Said again, or mended: the word that was recorded last holds. */
  readonly known: number;
}

/**
 * How many records of a kind there are, each time for which one holds counted apart. To be asked once everything that was
 * accepted before is stored (`waitUntilStored`).
 * @returns null where the key may not read
 */
export async function countRecords(instance: Instance, kind: RecordKind): Promise<number | null> {
  try {
    const [row] = await sqlRows<{ n: string }>(
      instance,
      'SELECT count() AS n FROM records WHERE kind = {kind:String}',
      {
        kind,
      },
    );
    return Number(row?.n);
  } catch (error) {
    if (error instanceof AnswerError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

/** @returns null where the counts do not fit together: somebody else brings records of this kind at the same time */
export function recordsGrowth(before: number | null, after: number | null, accepted: number): RecordsGrowth | null {
  if (before === null || after === null) return null;
  const added = after - before;
  return added < 0 || added > accepted ? null : { new: added, known: accepted - added };
}
