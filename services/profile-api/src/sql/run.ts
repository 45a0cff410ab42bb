import { randomUUID } from 'node:crypto';
import type { RawAnswer, Warehouse } from '@kenal/warehouse';
import { PINNED } from './format-settings.ts';
import { paramSettings } from './guard/engine.ts';
import { checkFormat, type SqlGuard } from './guard/guard.ts';
import type { SqlRequest } from './request.ts';
import { LIMITS } from './settings.ts';
import { tableFilters } from './table-filters.ts';

/** Runs a reader's request: admitted by the guard, under limits, in its workspace. */
export type RunSql = (request: SqlRequest, workspace: string, signal: AbortSignal) => Promise<RawAnswer>;

export function createRunSql(warehouse: Warehouse, guard: SqlGuard): RunSql {
  return async (request, workspace, signal) => {
    const admitted = await guard.admit(request.sql, request.params);
    const catalogue = await guard.catalogue();
    return warehouse.raw(admitted.sql, {
      workspace,
      role: 'reader',
      format: admitted.format ?? checkFormat(request.format, catalogue),
      queryId: request.queryId ?? randomUUID(),
      signal,
      settings: {
        ...LIMITS,
        result_overflow_mode: 'throw',
        ...request.settings,
        ...paramSettings(request.params),
        ...PINNED,
        additional_table_filters: tableFilters(catalogue),
      },
    });
  };
}
