import type { Action, Clock, TriggerRule } from '@kenal/contracts';
import type { TopicWriter } from '@kenal/event-log';
import type { Warehouse } from '@kenal/warehouse';
import { actionIdOf, type Decision } from './decide.ts';

const TABLE = 'kenal.action_rows';
const PENDING = `SELECT action_id AS id, rule, profile_id AS profileId, occurrence, purpose, action, detail, outcome_days, toUnixTimestamp64Micro(decided_at) AS decidedAt
  FROM kenal.action_rows FINAL WHERE workspace = getSetting('log_comment') AND state = 'pending'
    AND action_id IN (SELECT action_id FROM kenal.actions) ORDER BY decided_at, action_id LIMIT 10000`;

interface PendingRow extends Omit<Action, 'workspace'> {
  readonly outcome_days: number;
}

/** Decisions as they are kept, and those that are acted on as the topic has them. */
export interface ActionRows {
  /** Durable in the table, then on the topic, when it resolves. @returns how many were sent */
  keep(workspace: string, rule: TriggerRule, decisions: readonly Decision[]): Promise<number>;
  /** Put on the topic what a run that was cut off had decided. @returns how many */
  finish(workspace: string): Promise<number>;
}

/**
 * The table first: killed before the topic has an action it is still `pending` and is sent by the next run; killed after, it is
 * sent again under the same id. So none is lost, none decided twice, and whoever drops known ids acts once.
 */
export function createActionRows(warehouse: Warehouse, topic: TopicWriter<Action>, clock: Clock): ActionRows {
  async function finish(workspace: string): Promise<number> {
    for (let sent = 0; ; ) {
      const pending = await warehouse.query<PendingRow>(PENDING, { workspace });
      if (pending.length === 0) return sent;
      await topic.append(
        pending.map(({ outcome_days: _, ...row }) => ({ key: row.profileId, value: { ...row, workspace } })),
      );
      const ver = clock();
      await warehouse.insert(
        TABLE,
        pending.map((row) => ({ ...rowOf(workspace, row, row.outcome_days), state: 'sent', reason: '', ver })),
      );
      sent += pending.length;
    }
  }

  return {
    finish,
    async keep(workspace, rule, decisions) {
      const now = clock();
      const rows = decisions.filter(isNews).map(({ candidate, verdict }) => {
        const { profileId, occurrence, detail } = candidate;
        const action: Omit<Action, 'workspace'> = {
          ...{ id: actionIdOf(workspace, rule.name, profileId, occurrence), rule: rule.name, profileId, occurrence },
          ...{
            purpose: rule.purpose,
            action: JSON.stringify(rule.action),
            detail: JSON.stringify(detail),
            decidedAt: now,
          },
        };
        const state = verdict.state === 'sent' ? 'pending' : verdict.state;
        return { ...rowOf(workspace, action, rule.outcomeDays), state, reason: verdict.reason, ver: now };
      });
      if (rows.length > 0) await warehouse.insert(TABLE, rows);
      return finish(workspace);
    },
  };
}

/** Who was left alone for the same reason before has the row already. */
function isNews({ candidate: { before }, verdict }: Decision): boolean {
  return verdict.state !== before.state || verdict.reason !== before.reason;
}

function rowOf(
  workspace: string,
  { id, profileId, decidedAt, ...action }: Omit<Action, 'workspace'>,
  outcomeDays: number,
) {
  const { rule, occurrence, purpose, action: todo, detail } = action;
  return {
    ...{ workspace, action_id: id, rule, profile_id: profileId, occurrence, purpose, action: todo, detail },
    ...{ outcome_days: outcomeDays, decided_at: decidedAt },
  };
}
