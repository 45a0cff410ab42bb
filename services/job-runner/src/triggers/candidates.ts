import type { TriggerRule, WorkspaceConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { isSqlError, type Warehouse } from '@kenal/warehouse';
import { type Ask, StatementFault } from '../computed/ask.ts';
import { withoutEnd } from '../computed/statement.ts';
import type { Candidate } from './decide.ts';
import { type SignalQuery, signalQuery } from './signals.ts';

export type ReadCandidates = (
  workspace: WorkspaceConfig,
  rule: TriggerRule,
  never: ReadonlySet<string>,
  signal: AbortSignal,
) => AsyncIterable<readonly Candidate[]>;

export interface CandidatesDeps {
  readonly warehouse: Pick<Warehouse, 'query'>;
  /** For statements of kenal.yaml. */
  readonly askDeclared: Ask;
  /** For tests. */
  readonly sizes?: { readonly page: number; readonly piece: number };
}

/** So many are decided about at a time; of what a statement of kenal.yaml gives fewer, for they go along as parameters. */
const SIZES = { page: 50_000, piece: 500 };
const SETTINGS = { max_execution_time: 300 };

interface Row {
  readonly profile_id: string;
  readonly occurrence: string;
  readonly detail: string;
  readonly consent: string;
  readonly contacts: number;
  readonly state: string;
  readonly reason: string;
  readonly ver: number;
}

/** Whom a rule's signal speaks of, less those of whom it is settled, with all that a decision asks for: page by page. */
export function createReadCandidates({ warehouse, askDeclared, sizes = SIZES }: CandidatesDeps): ReadCandidates {
  return async function* read({ id: workspace, triggers }, rule, never, signal) {
    const params = { kenal_rule: rule.name, kenal_days: triggers.cap.days, kenal_most: sizes.page };
    try {
      for await (const asked of queriesOf(workspace, rule, signal)) {
        for (let after = ['', '']; ; ) {
          const all = { ...asked.params, ...params, kenal_after: after[0], kenal_past: after[1] };
          const options = { workspace, params: all, settings: SETTINGS, signal };
          const rows = await warehouse.query<Row>(standingSql(asked.sql), options);
          if (rows.length > 0) yield rows.map((row) => candidateOf(row, never));
          if (rows.length < sizes.page) break;
          after = [rows.at(-1)!.profile_id, rows.at(-1)!.occurrence];
        }
      }
    } catch (cause) {
      if (!isSqlError(cause) && !(cause instanceof StatementFault)) throw cause;
      throw new KenalError('bad_config', `rule ${rule.name}: its signal cannot be asked: ${cause.message}`, { cause });
    }
  };

  /** A signal of ours is one question; what a statement of kenal.yaml found is given to the engine again, in pieces. */
  async function* queriesOf(
    workspace: string,
    { when }: TriggerRule,
    signal: AbortSignal,
  ): AsyncGenerator<SignalQuery> {
    if (when.sql === undefined) return yield signalQuery(when);
    const sql = `SELECT toString(profile_id), toString(occurrence), formatRowNoNewline('JSONEachRow', *)
      FROM (\n${withoutEnd(when.sql)}\n)`;
    let piece: (readonly string[])[] = [];
    for await (const row of askDeclared(workspace, { sql, params: {} }, signal)) {
      piece.push(row as readonly string[]);
      if (piece.length < sizes.piece) continue;
      yield pieceOf(piece);
      piece = [];
    }
    if (piece.length > 0) yield pieceOf(piece);
  }
}

function pieceOf(rows: readonly (readonly string[])[]): SignalQuery {
  const [ids, occurrences, details] = [0, 1, 2].map((column) => rows.map((row) => row[column]!));
  const sql = `SELECT row.1 AS profile_id, row.2 AS occurrence, row.3 AS detail
    FROM (SELECT arrayJoin(arrayZip({ids:Array(String)}, {occurrences:Array(String)}, {details:Array(String)})) AS row)`;
  return { sql, params: { ids, occurrences, details } };
}

/** @param sql gives profile_id, occurrence, detail */
function standingSql(sql: string): string {
  return `SELECT s.profile_id AS profile_id, s.occurrence AS occurrence, s.detail AS detail, p.consent AS consent, c.contacts AS contacts,
      a.state AS state, a.reason AS reason, a.ver AS ver
    FROM (${sql}) AS s
    INNER JOIN (SELECT profile_id, consent FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live) AS p ON s.profile_id = p.profile_id
    LEFT JOIN (${CONTACTS}) AS c ON s.profile_id = c.profile_id
    LEFT JOIN (SELECT profile_id, occurrence, state, reason, toUnixTimestamp64Micro(decided_at) AS ver FROM kenal.actions WHERE rule = {kenal_rule:String}) AS a
      ON s.profile_id = a.profile_id AND s.occurrence = a.occurrence
    WHERE a.state IN ('', 'suppressed') AND (s.profile_id, s.occurrence) > ({kenal_after:String}, {kenal_past:String})
    ORDER BY profile_id, occurrence LIMIT {kenal_most:UInt32}`;
}

/** Actions of all rules, and messages of campaigns: one a campaign and day, however many events tell of it. */
const CONTACTS = `SELECT profile_id, count() AS contacts FROM
  (
    SELECT profile_id FROM kenal.actions WHERE state NOT IN ('suppressed', 'baseline') AND decided_at > now64(6) - toIntervalDay({kenal_days:UInt32})
    UNION ALL
    SELECT profile_id FROM kenal.interactions WHERE direction = 'outbound' AND campaign_id != '' AND profile_id != '' AND occurred_at > now64(6) - toIntervalDay({kenal_days:UInt32})
    GROUP BY profile_id, campaign_id, toDate(occurred_at)
  )
  GROUP BY profile_id`;

const OWN = new Set(['profile_id', 'occurrence']);

function candidateOf(row: Row, never: ReadonlySet<string>): Candidate {
  const said = Object.entries(JSON.parse(row.detail) as Record<string, unknown>).filter(([name]) => !OWN.has(name));
  return {
    ...{ profileId: row.profile_id, occurrence: row.occurrence, detail: Object.fromEntries(said) },
    ...{ isNever: never.has(row.profile_id), contacts: row.contacts },
    consent: JSON.parse(row.consent || '{}') as Record<string, boolean>,
    before: { state: row.state, reason: row.reason, ver: row.ver },
  };
}
