import type { Action, Clock, TriggerRule, WorkspaceConfig } from '@kenal/contracts';
import type { TopicWriter } from '@kenal/event-log';
import type { Warehouse } from '@kenal/warehouse';
import { actionIdOf, type Candidate, type Decision, forbiddenOf } from './decide.ts';
import { type FoundLists, NEVER_IDS } from './found.ts';

const TABLE = 'kenal.action_rows';
const PENDING = `SELECT a.action_id AS id, a.rule AS rule, a.profile_id AS profileId, a.occurrence AS occurrence, a.purpose AS purpose, a.action AS action,
    a.detail AS detail, a.outcome_days AS outcomeDays, toUnixTimestamp64Micro(a.decided_at) AS decidedAt, a.ver AS ver, p.profile_id AS person, p.consent AS consent,
    p.profile_id IN (${NEVER_IDS}) AS is_never
  FROM (SELECT * FROM kenal.action_rows FINAL WHERE workspace = getSetting('log_comment') AND state = 'pending') AS a
  INNER JOIN kenal.actions AS now ON a.action_id = now.action_id
  INNER JOIN (SELECT profile_id, consent FROM kenal.profile_rows FINAL WHERE workspace = getSetting('log_comment') AND live) AS p ON now.profile_id = p.profile_id
  ORDER BY decidedAt, id LIMIT 10000`;

type Decided = Omit<Action, 'workspace'> & { readonly outcomeDays: number };
type PendingRow = Decided & {
  readonly ver: number;
  readonly person: string;
  readonly consent: string;
  readonly is_never: boolean;
};

/** Decisions as they are kept, and those that are acted on as the topic has them. */
export interface ActionRows {
  /** Durable in the table, then on the topic, when it resolves. @returns how many were sent */
  keep(
    workspace: WorkspaceConfig,
    rule: TriggerRule,
    decisions: readonly Decision[],
    found: FoundLists,
  ): Promise<number>;
  /** It was so before the rule: nobody is contacted for it, now or later. @returns how many */
  keepBaseline(workspace: WorkspaceConfig, rule: TriggerRule, candidates: readonly Candidate[]): Promise<number>;
  /** Put on the topic what a run that was cut off had decided, where it is still allowed. @returns how many */
  finish(workspace: WorkspaceConfig, found: FoundLists): Promise<number>;
}

/**
 * The table first: killed before the topic has an action it is still `pending` and is sent by the next run; killed after, it is
 * sent again under the same id. So none is lost, none decided twice, and whoever drops known ids acts once.
 */
export function createActionRows(
  warehouse: Pick<Warehouse, 'query' | 'insert'>,
  topic: TopicWriter<Action>,
  clock: Clock,
): ActionRows {
  async function finish({ id: workspace, triggers }: WorkspaceConfig, { run }: FoundLists): Promise<number> {
    const rules = new Map(triggers.rules.map((rule) => [rule.name, rule]));
    for (let sent = 0; ; ) {
      const pending = await warehouse.query<PendingRow>(PENDING, { workspace, params: { kenal_run: run } });
      if (pending.length === 0) return sent;
      const reasons = pending.map((row) => stillForbidden(row, rules.get(row.rule)));
      const allowed = pending.filter((_, i) => reasons[i] === '');
      await topic.append(
        allowed.map(({ outcomeDays: _, ver: __, consent: ___, is_never: ____, person, ...value }) => ({
          key: person,
          value: { ...value, profileId: person, workspace },
        })),
      );
      await warehouse.insert(
        TABLE,
        pending.map((row, i) => ({
          ...rowOf(workspace, row),
          ...{ state: reasons[i] === '' ? 'sent' : 'suppressed', reason: reasons[i] },
          // Above what is there, whatever the clock: else it would be pending for ever
          ver: Math.max(clock(), row.ver + 1),
        })),
      );
      sent += allowed.length;
    }
  }

  return {
    finish,
    async keep(workspace, rule, decisions, found) {
      const now = clock();
      const rows = decisions.filter(isNews).map(({ candidate, verdict: { state, reason } }) => {
        return {
          ...decidedRow(workspace.id, rule, candidate, now),
          state: state === 'sent' ? 'pending' : state,
          reason,
        };
      });
      if (rows.length > 0) await warehouse.insert(TABLE, rows);
      return decisions.some(({ verdict }) => verdict.state === 'sent') ? finish(workspace, found) : 0;
    },
    async keepBaseline({ id: workspace }, rule, candidates) {
      const now = clock();
      const rows = candidates.map((each) => {
        return { ...decidedRow(workspace, rule, each, now), state: 'baseline', reason: '' };
      });
      if (rows.length > 0) await warehouse.insert(TABLE, rows);
      return rows.length;
    },
  };
}

function decidedRow(workspace: string, rule: TriggerRule, candidate: Candidate, decidedAt: number): object {
  const { profileId, occurrence, detail, before } = candidate;
  const row = rowOf(workspace, {
    ...{ id: actionIdOf(workspace, rule.name, profileId, occurrence), rule: rule.name, profileId, occurrence },
    ...{ purpose: rule.purpose, action: JSON.stringify(rule.action), detail: JSON.stringify(detail) },
    ...{ decidedAt, outcomeDays: rule.outcomeDays },
  });
  return { ...row, ver: Math.max(decidedAt, before.ver + 1) };
}

/** Why it must not be sent any more, for between deciding and sending a process may have been away; '' where it may. */
function stillForbidden(row: PendingRow, rule: TriggerRule | undefined): string {
  if (rule === undefined) return 'no_rule';
  const consent = JSON.parse(row.consent || '{}') as Record<string, boolean>;
  return forbiddenOf({ consent, isNever: Boolean(row.is_never) }, rule) ?? '';
}

/** Who was left alone for the same reason before has the row already. */
function isNews({ candidate: { before }, verdict }: Decision): boolean {
  return verdict.state !== before.state || verdict.reason !== before.reason;
}

function rowOf(workspace: string, { id, profileId, decidedAt, outcomeDays, ...rest }: Decided): object {
  const { rule, occurrence, purpose, action, detail } = rest;
  return {
    ...{ workspace, action_id: id, rule, profile_id: profileId, occurrence, purpose, action, detail },
    ...{ outcome_days: outcomeDays, decided_at: decidedAt },
  };
}
