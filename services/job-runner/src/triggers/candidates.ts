import type { TriggerRule, WorkspaceConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { isSqlError, type Warehouse } from '@kenal/warehouse';
import { StatementFault } from '../computed/ask.ts';
import type { Candidate } from './decide.ts';
import type { Declared } from './declared.ts';
import { type FoundLists, foundSql, NEVER_IDS } from './found.ts';
import { type SignalQuery, signalQuery } from './signals.ts';

export type ReadCandidates = (
  workspace: WorkspaceConfig,
  rule: TriggerRule,
  found: FoundLists,
  signal: AbortSignal,
) => AsyncIterable<readonly Candidate[]>;

export interface CandidatesDeps {
  readonly warehouse: Pick<Warehouse, 'query'>;
  readonly declared: Declared;
  /** For tests. */
  readonly page?: number;
}

/** So many are decided about at a time. */
const PAGE = 50_000;
const SETTINGS = { max_execution_time: 300 };

interface Row {
  readonly profile_id: string;
  readonly occurrence: string;
  readonly detail: string;
  readonly consent: string;
  readonly contacts: number;
  readonly is_never: boolean;
  readonly state: string;
  readonly reason: string;
  readonly ver: number;
}

/** Whom a rule's signal speaks of, less those of whom it is settled, with all that a decision asks for: page by page. */
export function createReadCandidates({ warehouse, declared, page = PAGE }: CandidatesDeps): ReadCandidates {
  return async function* read(workspace, rule, found, signal) {
    const { days } = workspace.triggers.cap;
    const params = { kenal_rule: rule.name, kenal_days: days, kenal_most: page, kenal_run: found.run };
    try {
      const asked = await queryOf(workspace, rule, found, signal);
      for (let after = ['', '']; ; ) {
        const all = { ...asked.params, ...params, kenal_after: after[0], kenal_past: after[1] };
        const options = { workspace: workspace.id, params: all, settings: SETTINGS, signal };
        const rows = await warehouse.query<Row>(standingSql(asked.sql), options);
        if (rows.length > 0) yield rows.map(candidateOf);
        if (rows.length < page) break;
        after = [rows.at(-1)!.profile_id, rows.at(-1)!.occurrence];
      }
    } catch (cause) {
      if (!isSqlError(cause) && !(cause instanceof StatementFault)) throw cause;
      throw new KenalError('bad_config', `rule ${rule.name}: its signal cannot be asked: ${cause.message}`, { cause });
    }
  };

  /** A signal of ours is a question; what a statement of kenal.yaml finds is asked for once, and kept. */
  async function queryOf(
    workspace: WorkspaceConfig,
    rule: TriggerRule,
    found: FoundLists,
    signal: AbortSignal,
  ): Promise<SignalQuery> {
    if (rule.when.sql === undefined) return signalQuery(rule.when);
    return { sql: FOUND, params: { kenal_list: await declared.keepOf(workspace, rule, found, signal) } };
  }
}

const FOUND = `${foundSql('profile_id, occurrence, detail', '{kenal_list:String}')} LIMIT 1 BY profile_id, occurrence`;

/** @param sql gives profile_id, occurrence, detail */
function standingSql(sql: string): string {
  return `SELECT s.profile_id AS profile_id, s.occurrence AS occurrence, s.detail AS detail, p.consent AS consent, c.contacts AS contacts,
      s.profile_id IN (${NEVER_IDS}) AS is_never, a.state AS state, a.reason AS reason, a.ver AS ver
    FROM (${sql}) AS s
    INNER JOIN (SELECT profile_id, consent FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live) AS p ON s.profile_id = p.profile_id
    LEFT JOIN (${CONTACTS}) AS c ON s.profile_id = c.profile_id
    LEFT JOIN (${BEFORE}) AS a
      ON s.profile_id = a.profile_id AND s.occurrence = a.occurrence
    WHERE a.state IN ('', 'suppressed') AND (s.profile_id, s.occurrence) > ({kenal_after:String}, {kenal_past:String})
    ORDER BY profile_id, occurrence LIMIT {kenal_most:UInt32}`;
}

/** What was decided of it; of two who are one now, what is settled of either. */
const BEFORE = `SELECT profile_id, occurrence, last.3 AS state, last.4 AS reason, last.2 AS ver
  FROM (SELECT profile_id, occurrence, max((state != 'suppressed', toUnixTimestamp64Micro(decided_at), state, reason)) AS last
    FROM kenal.actions WHERE rule = {kenal_rule:String} GROUP BY profile_id, occurrence)`;

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

function candidateOf(row: Row): Candidate {
  const said = Object.entries(JSON.parse(row.detail) as Record<string, unknown>).filter(([name]) => !OWN.has(name));
  return {
    ...{ profileId: row.profile_id, occurrence: row.occurrence, detail: Object.fromEntries(said) },
    ...{ isNever: Boolean(row.is_never), contacts: row.contacts },
    consent: JSON.parse(row.consent || '{}') as Record<string, boolean>,
    before: { state: row.state, reason: row.reason, ver: row.ver },
  };
}
