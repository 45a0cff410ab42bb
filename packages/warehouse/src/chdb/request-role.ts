import type { Role } from '../warehouse.ts';

/**
 * Says `analyst` to a chDB pool, also behind HTTP. To a ClickHouse server it says nothing: all with a priority have the same,
 * and those without (Kenal's own) have no part in it.
 */
export const ANALYST_PRIORITY = '1';

/** The role of a request that has these settings: `readonly` above 0 reads, with a `priority` for an analyst. */
export function roleOf(settings: { readonly readonly?: unknown; readonly priority?: unknown }): Role {
  if (Number(settings.readonly ?? 0) === 0) return 'writer';
  return Number(settings.priority ?? 0) > 0 ? 'analyst' : 'reader';
}
