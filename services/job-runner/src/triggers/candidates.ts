import type { NeverTarget, TriggerRule, TriggersConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { isSqlError, type Warehouse } from '@kenal/warehouse';
import type { Candidate } from './decide.ts';
import { type SignalQuery, signalQuery } from './signals.ts';

export type ReadCandidates = (
  workspace: string,
  triggers: TriggersConfig,
  rule: TriggerRule,
  signal: AbortSignal,
) => Promise<readonly Candidate[]>;

/** A run decides about so many of a rule; the others come with the next. */
const MOST = 100_000;
/** Of a statement in a rule: it looks at everything, but not for ever. */
const SETTINGS = { max_execution_time: 300 };

interface Row extends Record<string, unknown> {
  readonly profile_id: string;
  readonly occurrence: string;
  readonly kenal_consent: string;
  readonly kenal_never: boolean;
  readonly kenal_contacts: number;
  readonly kenal_state: string;
  readonly kenal_reason: string;
}

/** Whom a rule's signal speaks of, less those of whom it is settled, with all that a decision asks for. */
export function createReadCandidates(warehouse: Pick<Warehouse, 'query'>): ReadCandidates {
  return async function read(workspace, triggers, rule, signal) {
    const asked = signalQuery(rule.when);
    const never = neverQuery(triggers.neverTarget);
    // Names of the joined columns are of no signal, so those of the signal keep theirs
    const sql = `SELECT s.*, kenal_consent, profile_id IN (${never.sql}) AS kenal_never, kenal_contacts, kenal_state, kenal_reason
      FROM (SELECT * REPLACE (toString(occurrence) AS occurrence) FROM (${asked.sql})) AS s
      INNER JOIN (SELECT profile_id AS kenal_p, consent AS kenal_consent FROM kenal.profile_rows FINAL
        WHERE workspace = getSetting('log_comment') AND live) AS p ON profile_id = kenal_p
      LEFT JOIN (${CONTACTS}) AS c ON profile_id = kenal_c
      LEFT JOIN (SELECT profile_id AS kenal_a, occurrence AS kenal_o, state AS kenal_state, reason AS kenal_reason
        FROM kenal.actions WHERE rule = {kenal_rule:String}) AS a ON profile_id = kenal_a AND occurrence = kenal_o
      WHERE kenal_state IN ('', 'suppressed')
      ORDER BY profile_id, occurrence LIMIT {kenal_most:UInt32}`;
    const params = {
      ...asked.params,
      ...never.params,
      kenal_rule: rule.name,
      kenal_days: triggers.cap.days,
      kenal_most: MOST,
    };
    try {
      const rows = await warehouse.query<Row>(sql, { workspace, params, settings: SETTINGS, signal });
      return rows.map(candidateOf);
    } catch (cause) {
      if (!isSqlError(cause)) throw cause;
      throw new KenalError('bad_config', `rule ${rule.name}: its signal cannot be asked: ${cause.message}`, { cause });
    }
  };
}

/** Actions of all rules, and messages of campaigns: one a campaign and day, however many events tell of it. */
const CONTACTS = `SELECT profile_id AS kenal_c, count() AS kenal_contacts FROM
  (
    SELECT profile_id FROM kenal.actions WHERE state != 'suppressed' AND decided_at > now64(6) - toIntervalDay({kenal_days:UInt32})
    UNION ALL
    SELECT profile_id FROM kenal.interactions WHERE direction = 'outbound' AND campaign_id != '' AND profile_id != '' AND occurred_at > now64(6) - toIntervalDay({kenal_days:UInt32})
    GROUP BY profile_id, campaign_id, toDate(occurred_at)
  )
  GROUP BY profile_id`;

function candidateOf(row: Row): Candidate {
  const { profile_id, occurrence, kenal_consent, kenal_never, kenal_contacts, kenal_state, kenal_reason } = row;
  const detail = Object.fromEntries(Object.entries(row).filter(([name]) => !TAKEN.test(name)));
  return {
    ...{ profileId: profile_id, occurrence, detail, isNever: Boolean(kenal_never), contacts: kenal_contacts },
    consent: JSON.parse(kenal_consent || '{}') as Record<string, boolean>,
    before: { state: kenal_state, reason: kenal_reason },
  };
}

const TAKEN = /^(kenal_.+|profile_id|occurrence)$/;

/** Who is never contacted: one column, profile_id. */
function neverQuery(targets: readonly NeverTarget[]): SignalQuery {
  const params: Record<string, unknown> = {};
  const parts = targets.map(({ trait, is, segment, sql }, i) => {
    if (sql !== undefined) return `SELECT profile_id FROM (${sql})`;
    if (segment !== undefined) {
      params[`never_${i}`] = segment;
      return `SELECT profile_id FROM kenal.segment_members WHERE segment = {never_${i}:String}`;
    }
    params[`never_${i}`] = trait;
    params[`never_is_${i}`] = JSON.stringify(is);
    return `SELECT profile_id FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live AND JSONExtractRaw(traits, {never_${i}:String}) = {never_is_${i}:String}`;
  });
  return { sql: parts.length === 0 ? "SELECT ''" : parts.join(' UNION ALL '), params };
}
