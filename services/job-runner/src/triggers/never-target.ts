import type { WorkspaceConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { type Ask, StatementFault } from '../computed/ask.ts';
import { segmentSql } from '../computed/segments.ts';
import { createParams, sqlTime } from '../computed/statement.ts';

/** Profiles of the segments that no rule reaches, asked for now: the last refresh of the segments may be older. */
export type ReadNever = (workspace: WorkspaceConfig, now: number, signal: AbortSignal) => Promise<ReadonlySet<string>>;

export function createReadNever(askDeclared: Ask): ReadNever {
  return async function read(workspace, now, signal) {
    const never = new Set<string>();
    const moment = { now: sqlTime(now), timezone: workspace.timezone };
    for (const segment of workspace.triggers.neverTarget) {
      const params = createParams();
      const sql = segmentSql(segment, workspace, moment, params);
      try {
        for await (const [id] of askDeclared(workspace.id, { sql, params: params.all }, signal)) never.add(String(id));
      } catch (cause) {
        if (!(cause instanceof StatementFault)) throw cause;
        // Whom it names is not known, so nobody is contacted
        throw new KenalError('bad_config', `segment ${segment} of neverTarget cannot be asked: ${cause.message}`, {
          cause,
        });
      }
    }
    return never;
  };
}
