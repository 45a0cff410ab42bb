import type { TriggerRule, WorkspaceConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';
import { type Ask, StatementFault } from '../computed/ask.ts';
import { partsOf } from '../computed/parts.ts';
import { segmentSql } from '../computed/segments.ts';
import { createParams, type Statement, sqlTime, withoutEnd } from '../computed/statement.ts';
import { inPart } from '../computed/told.ts';
import { type FoundLists, type FoundRow, NEVER } from './found.ts';

/** What kenal.yaml says in SQL, asked with the limits of readers and kept for the refresh. */
export interface Declared {
  /** Profiles of the segments that no rule reaches, asked for now: the last refresh of the segments may be older. */
  keepNever(workspace: WorkspaceConfig, found: FoundLists, now: number, signal: AbortSignal): Promise<void>;
  /** Whom a rule's `sql` speaks of. @returns the name of the list */
  keepOf(workspace: WorkspaceConfig, rule: TriggerRule, found: FoundLists, signal: AbortSignal): Promise<string>;
}

export function createDeclared(warehouse: Pick<Warehouse, 'query'>, askDeclared: Ask): Declared {
  /** In parts where there are many people: an answer has a million rows at most. */
  async function* rowsOf(workspace: string, { sql, params }: Statement, signal: AbortSignal): AsyncGenerator<FoundRow> {
    for (const part of await partsOf(warehouse, workspace)) {
      const one = part === null ? sql : `SELECT * FROM (${sql}) WHERE true${inPart(part)}`;
      for await (const row of askDeclared(workspace, { sql: one, params }, signal)) {
        const [profileId, occurrence, detail] = row as string[];
        yield { profile_id: profileId!, ...(detail === undefined ? {} : { occurrence: occurrence!, detail }) };
      }
    }
  }

  return {
    async keepNever(workspace, found, now, signal) {
      const moment = { now: sqlTime(now), timezone: workspace.timezone };
      for (const segment of workspace.triggers.neverTarget) {
        const params = createParams();
        const sql = segmentSql(segment, workspace, moment, params);
        try {
          await found.keep(NEVER, rowsOf(workspace.id, { sql, params: params.all }, signal));
        } catch (cause) {
          // Whom it names is not known, so nobody is contacted
          throw faultOf(cause, `segment ${segment} of neverTarget`);
        }
      }
    },
    async keepOf({ id }, { name, when }, found, signal) {
      const list = `rule ${name}`;
      const sql = `SELECT toString(profile_id) AS profile_id, toString(occurrence) AS occurrence, formatRowNoNewline('JSONEachRow', *) AS detail
        FROM (\n${withoutEnd(when.sql ?? '')}\n)`;
      await found.keep(list, rowsOf(id, { sql, params: {} }, signal));
      return list;
    },
  };
}

function faultOf(cause: unknown, what: string): unknown {
  if (!(cause instanceof StatementFault)) return cause;
  return new KenalError('bad_config', `${what} cannot be asked: ${cause.message}`, { cause });
}
