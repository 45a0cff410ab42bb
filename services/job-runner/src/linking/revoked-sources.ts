import type { Warehouse } from '@kenal/warehouse';

/** Sources of a workspace that are revoked now, by the directives that the warehouse has; asked at most once in `freshMs`. */
export type RevokedSources = (workspace: string) => Promise<ReadonlySet<string>>;

const REVOKED = `SELECT toString(source) AS source FROM kenal.directives WHERE source != '' AND kind IN ('revoke', 'clear')
  GROUP BY source HAVING argMax(kind, (issued_at, directive_id)) = 'revoke'`;

export function createRevokedSources(warehouse: Warehouse, freshMs: number): RevokedSources {
  const known = new Map<string, { readonly sources: ReadonlySet<string>; readonly until: number }>();
  return async function revokedSources(workspace) {
    const before = known.get(workspace);
    const now = performance.now();
    if (before !== undefined && now < before.until) return before.sources;
    const rows = await warehouse.query<{ source: string }>(REVOKED, { workspace });
    const sources = new Set(rows.map(({ source }) => source));
    known.set(workspace, { sources, until: now + freshMs });
    return sources;
  };
}
