import { KenalError } from '@kenal/errors';
import type { RawAnswer, Warehouse } from '@kenal/warehouse';
import { PINNED } from './format-settings.ts';
import { paramSettings } from './guard/engine.ts';
import { checkFormat, type SqlGuard } from './guard/guard.ts';
import { answerHello, HELLO_SQL, isHello } from './hello.ts';
import type { SqlRequest } from './request.ts';
import { LIMITS, lowered, type SqlLimits } from './settings.ts';
import { tableFilters } from './table-filters.ts';

/** A request under its id. */
export type AskedSql = Omit<SqlRequest, 'queryId'> & { readonly queryId: string };

/**
 * Runs a reader's request: admitted by the guard, under limits, in its workspace.
 * @throws SqlFault, SqlError, or KenalError `overloaded` where the workspace has too many of them in hand
 */
export type RunSql = (request: AskedSql, workspace: string, signal: AbortSignal) => Promise<RawAnswer>;

// As many as drivers and dashboards open at once; with more than that they only wait for each other.
const MOST_IN_HAND = 16;

/** @param limits of workspaces that have others than {@link LIMITS} */
export function createRunSql(
  warehouse: Warehouse,
  guard: SqlGuard,
  limits: ReadonlyMap<string, SqlLimits> = new Map(),
): RunSql {
  const inHand = new Map<string, number>();
  const ask: RunSql = async (request, workspace, signal) => {
    if (isHello(request)) {
      const plain = { ...request, sql: HELLO_SQL, format: 'TabSeparated', revision: 0 };
      return answerHello(await ask(plain, workspace, signal), request.revision);
    }
    const allowed = { ...LIMITS, ...limits.get(workspace) };
    const admitted = await guard.admit(request.sql, request.params, allowed);
    const catalogue = await guard.catalogue();
    const answer = await warehouse.raw(admitted.sql, {
      workspace,
      role: 'analyst',
      format: admitted.format ?? checkFormat(request.format, catalogue),
      queryId: request.queryId,
      inPieces: request.inPieces,
      signal,
      settings: {
        result_overflow_mode: 'throw',
        ...request.settings,
        ...lowered(allowed, request.settings),
        ...paramSettings(request.params),
        ...PINNED,
        additional_table_filters: tableFilters(catalogue),
      },
    });
    return { ...answer, summary: toldOf(answer.summary) };
  };
  return async (request, workspace, signal) => {
    const others = inHand.get(workspace) ?? 0;
    if (others >= MOST_IN_HAND)
      throw new KenalError('overloaded', `${others} statements of this workspace run or wait already`);
    inHand.set(workspace, others + 1);
    const leave = () => {
      const left = (inHand.get(workspace) ?? 1) - 1;
      if (left > 0) inHand.set(workspace, left);
      else inHand.delete(workspace);
    };
    try {
      const answer = await ask(request, workspace, signal);
      answer.stream.once('close', leave); // what is not taken yet waits in memory
      return answer;
    } catch (error) {
      leave();
      throw error;
    }
  };
}

/** What the engine reads are granules, which workspaces share: as read counts what came out. Figures may still grow. */
function toldOf(summary: RawAnswer['summary']): RawAnswer['summary'] {
  const { result_rows: _rows, result_bytes: _bytes, ...others } = summary;
  return {
    ...others,
    total_rows_to_read: '0',
    get read_rows() {
      return summary.result_rows ?? '0';
    },
    get read_bytes() {
      return summary.result_bytes ?? '0';
    },
    get result_rows() {
      return summary.result_rows ?? '0';
    },
    get result_bytes() {
      return summary.result_bytes ?? '0';
    },
    get elapsed_ns() {
      return summary.elapsed_ns ?? '0';
    },
  };
}
