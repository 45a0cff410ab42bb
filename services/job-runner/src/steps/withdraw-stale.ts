import type { Warehouse } from '@kenal/warehouse';
import type { Door, DoorLink } from '../door.ts';
import type { FoundPairs } from './link-pairs.ts';
import { type Suggestions, suggestionId } from './suggestions.ts';

/** What no longer holds under the model: its links get odds against them, its questions go. @returns how many */
export type WithdrawStale = (workspace: string, model: string, found: FoundPairs) => Promise<number>;

/** Log2 odds of a link that was taken back: no cluster stands it (packages/identity, cluster guard). */
const AGAINST = -40;
const AT_ONCE = 500;

// The last word on each pair of the model, as the warehouse has the directives
const LINKED = `
  SELECT a, b FROM
  (
    SELECT pair.1 AS a, pair.2 AS b, argMax(pair.4, (issued_at, directive_id)) AS weight
    FROM kenal.directives ARRAY JOIN pairs AS pair
    WHERE kind = 'linkage' AND model = {model:String} AND a != '' AND b != ''
    GROUP BY a, b
  )
  WHERE weight > 0`;

export function createWithdrawStale(
  warehouse: Warehouse,
  door: Pick<Door, 'links'>,
  suggestions: Suggestions,
): WithdrawStale {
  return async function withdrawStale(workspace, model, { sure, all }) {
    const pairs = await warehouse.query<{ a: string; b: string }>(LINKED, { workspace, params: { model } });
    const stale = pairs
      .filter(({ a, b }) => !sure.has(suggestionId(a, b)))
      .map(({ a, b }): DoorLink => ({ a, b, weight: AGAINST, detail: JSON.stringify({ withdrawn: AGAINST }) }));
    for (let from = 0; from < stale.length; from += AT_ONCE)
      await door.links(workspace, model, stale.slice(from, from + AT_ONCE), 'the records no longer say so');
    return stale.length + (await suggestions.withdraw(workspace, model, all));
  };
}
