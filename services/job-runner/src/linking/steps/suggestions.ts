import { createHash } from 'node:crypto';
import type { Warehouse } from '@kenal/warehouse';
import type { Suspect } from './judge-pairs.ts';

/** Questions for the review queue. */
export interface Suggestions {
  /** Ask about pairs that are not asked about under this model already. @returns how many are new */
  ask(workspace: string, model: string, pairs: readonly Suspect[]): Promise<number>;
  /** Take back what was asked under this model and is none of `ids` any more. @returns how many */
  withdraw(workspace: string, model: string, ids: ReadonlySet<string>): Promise<number>;
}

/** The pair's name in the queue, whichever end comes first; holds no identifier. */
export function suggestionId(one: string, other: string): string {
  const [a, b] = inOrder(one, other);
  return createHash('sha256')
    .update(JSON.stringify([a, b]))
    .digest('hex')
    .slice(0, 32);
}

/** By the bytes of their UTF-8, as the warehouse compares texts. */
function inOrder(one: string, other: string): [string, string] {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) <= 0 ? [one, other] : [other, one];
}

const TABLE = 'kenal.link_suggestion_rows';
const AT_ONCE = 1_000;

export function createSuggestions(warehouse: Warehouse): Suggestions {
  async function asked(workspace: string, model: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const list = ids.map((id) => `'${id}'`).join(',');
    const rows = await warehouse.query<{ id: string }>(
      `SELECT id FROM ${TABLE} FINAL
       WHERE workspace = {workspace:String} AND model = {model:String} AND NOT withdrawn AND id IN (${list})`,
      { role: 'writer', params: { workspace, model } },
    );
    return new Set(rows.map(({ id }) => id));
  }

  return {
    async ask(workspace, model, pairs) {
      let fresh = 0;
      for (let from = 0; from < pairs.length; from += AT_ONCE) {
        const some = pairs.slice(from, from + AT_ONCE).map((pair) => rowOf(workspace, model, pair));
        const there = await asked(
          workspace,
          model,
          some.map(({ id }) => id),
        );
        const rows = some.filter(({ id }) => !there.has(id));
        await warehouse.insert(TABLE, rows);
        fresh += rows.length;
      }
      return fresh;
    },
    async withdraw(workspace, model, ids) {
      const rows = await warehouse.query<{ id: string; ver: string | number }>(
        `SELECT id, a, b, source_a, source_b, probability, weight, doubt, waterfall, ver + 1 AS ver FROM ${TABLE} FINAL
         WHERE workspace = {workspace:String} AND model = {model:String} AND NOT withdrawn`,
        { role: 'writer', params: { workspace, model } },
      );
      const gone = rows.filter(({ id }) => !ids.has(id)).map((row) => ({ ...row, workspace, model, withdrawn: true })); // its own time: an erasure since then hides it still
      for (let from = 0; from < gone.length; from += AT_ONCE)
        await warehouse.insert(TABLE, gone.slice(from, from + AT_ONCE));
      return gone.length;
    },
  };
}

/** The newest word on a pair counts, by this clock; two of one pair under one model say the same. */
function now(): number {
  return Date.now() * 1_000;
}

function rowOf(workspace: string, model: string, pair: Suspect) {
  const isInOrder = inOrder(pair.a.owner, pair.b.owner)[0] === pair.a.owner;
  const [a, b] = isInOrder ? [pair.a, pair.b] : [pair.b, pair.a];
  return {
    workspace,
    id: suggestionId(a.owner, b.owner),
    ...{ a: a.owner, b: b.owner, source_a: a.source, source_b: b.source },
    ...{ probability: pair.probability, weight: pair.score, doubt: pair.doubt ?? '' },
    waterfall: JSON.stringify(pair.waterfall),
    ...{ model, withdrawn: false, ver: now() },
  };
}
