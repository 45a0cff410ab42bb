import type { Warehouse } from '@kenal/warehouse';
import { suggestionId } from './suggestions.ts';

/** Pairs that a model has joined and not taken back, by name, as the warehouse has the directives. */
export type KnownLinks = (workspace: string, model: string) => Promise<ReadonlyMap<string, readonly [string, string]>>;

const LINKED = `
  SELECT a, b FROM
  (
    SELECT pair.1 AS a, pair.2 AS b, argMax(pair.4, (issued_at, directive_id)) AS weight
    FROM kenal.directives ARRAY JOIN pairs AS pair
    WHERE kind = 'linkage' AND model = {model:String} AND a != '' AND b != ''
    GROUP BY a, b
  )
  WHERE weight > 0`;

export function createKnownLinks(warehouse: Warehouse): KnownLinks {
  return async function knownLinks(workspace, model) {
    const pairs = await warehouse.query<{ a: string; b: string }>(LINKED, { workspace, params: { model } });
    return new Map(pairs.map(({ a, b }) => [suggestionId(a, b), [a, b]]));
  };
}
