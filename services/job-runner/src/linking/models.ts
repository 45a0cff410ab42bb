import { type LinkageModel, linkageModelSchema, type Micros } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

export interface ModelInForce {
  readonly model: LinkageModel;
  readonly since: Micros;
}

/** Which model decides in a workspace, by the directives that the warehouse has; asked at most once a second. */
export interface Models {
  inForce(workspace: string): Promise<ModelInForce | null>;
  /** For how long an answer may be used again; a switch is known everywhere after twice that. */
  readonly freshMs: number;
}

const FRESH_MS = 1_000;
const NEWEST = `SELECT argMax(directive_id, (issued_at, directive_id)) AS id, toUnixTimestamp64Micro(max(issued_at)) AS since, count() AS n
  FROM kenal.directives WHERE kind = 'model'`;

interface Known {
  readonly id: string;
  readonly value: ModelInForce | null;
  readonly until: number;
}

export function createModels(warehouse: Warehouse): Models {
  const known = new Map<string, Known>();

  async function read(workspace: string, id: string, since: Micros): Promise<ModelInForce> {
    const [row] = await warehouse.query<{ document: string }>(
      'SELECT document FROM kenal.directives WHERE directive_id = {id:String}',
      { workspace, params: { id } },
    );
    return { model: linkageModelSchema.parse(JSON.parse(row?.document ?? '')), since };
  }

  return {
    freshMs: FRESH_MS,
    async inForce(workspace) {
      const before = known.get(workspace);
      if (before !== undefined && performance.now() < before.until) return before.value;
      const [newest] = await warehouse.query<{ id: string; since: number; n: number }>(NEWEST, { workspace });
      const until = performance.now() + FRESH_MS;
      const { id, since, n } = newest ?? { id: '', since: 0, n: 0 };
      if (before !== undefined && before.id === id) known.set(workspace, { ...before, until });
      else known.set(workspace, { id, value: n === 0 ? null : await read(workspace, id, since), until });
      return known.get(workspace)?.value ?? null;
    },
  };
}
