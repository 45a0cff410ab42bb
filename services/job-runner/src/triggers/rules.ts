import type { Clock, TriggerRule, WorkspaceConfig } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { OTHERS_UP_TO_DATE } from '../computed/computed-mart.ts';
import { sqlTime } from '../computed/statement.ts';
import { ruleText } from './rule-text.ts';

const TABLE = 'kenal.rule_rows';
const KNOWN = `SELECT rule, said, state, toUnixTimestamp64Micro(since) AS since, ver FROM kenal.rule_rows FINAL
  WHERE workspace = getSetting('log_comment')`;

interface KnownRule {
  readonly rule: string;
  readonly said: string;
  readonly state: 'begun' | 'stands' | 'gone';
  readonly since: number;
  readonly ver: number;
}

/** A rule that is new, or looks for something else than before. */
export interface NewRule {
  readonly rule: TriggerRule;
  /** When it was seen first like this. */
  readonly since: number;
  readonly ver: number;
}

/** Which rules stand; what the others find is their baseline. */
export interface Rules {
  /** Those of kenal.yaml that do not stand yet. What it has no more is forgotten: switched on again, it is new. */
  readNew(workspace: WorkspaceConfig): Promise<readonly NewRule[]>;
  /** Whether all that there is of its stock can be found now. */
  isWhole(workspace: WorkspaceConfig, rule: NewRule): Promise<boolean>;
  /** From now on what it finds is decided. */
  stand(workspace: WorkspaceConfig, rule: NewRule): Promise<void>;
}

export function createRules(warehouse: Pick<Warehouse, 'query' | 'insert'>, clock: Clock): Rules {
  /** Above what is there, whatever the clock. */
  async function write(workspace: string, rows: readonly KnownRule[]): Promise<readonly KnownRule[]> {
    const now = clock();
    const written = rows.map((row) => ({ ...row, ver: Math.max(now, row.ver + 1) }));
    if (written.length > 0)
      await warehouse.insert(
        TABLE,
        written.map((row) => ({ ...row, workspace })),
      );
    return written;
  }

  return {
    async readNew(workspace) {
      const { rules } = workspace.triggers;
      const known = new Map((await warehouse.query<KnownRule>(KNOWN, { workspace: workspace.id })).map(byName));
      const fresh = rules.flatMap((rule): KnownRule[] => {
        const [before, said] = [known.get(rule.name), ruleText(rule, workspace)];
        if (before !== undefined && before.said === said && before.state !== 'gone') return [];
        const state = rule.firstRun === 'send' ? 'stands' : 'begun';
        return [{ rule: rule.name, said, state, since: clock(), ver: before?.ver ?? 0 }];
      });
      const names = new Set(rules.map(({ name }) => name));
      const gone = [...known.values()].filter(({ rule, state }) => !names.has(rule) && state !== 'gone');
      const written = await write(workspace.id, [...fresh, ...gone.map((row) => ({ ...row, state: 'gone' as const }))]);
      const now = new Map([...known, ...written.map(byName)]);
      return rules.flatMap((rule) => {
        const { state, since, ver } = now.get(rule.name)!;
        return state === 'begun' ? [{ rule, since, ver }] : [];
      });
    },
    async isWhole({ id: workspace }, { rule: { when }, since }) {
      const asked = computedBefore(when, since);
      if (asked === null) return true;
      return (await warehouse.query(asked.sql, { workspace, params: asked.params })).length > 0;
    },
    async stand(workspace, { rule, since, ver }) {
      const said = ruleText(rule, workspace);
      await write(workspace.id, [{ rule: rule.name, said, state: 'stands', since, ver }]);
    },
  };
}

const byName = (row: KnownRule): [string, KnownRule] => [row.rule, row];

interface Question {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * What is computed may not be there yet, or only half of it, when a rule is seen first: then its stock would come later, as
 * if it were news. @returns a question with a row as soon as that is over; null where nothing has to be waited for
 */
function computedBefore({ segmentEntered, churnRisk }: TriggerRule['when'], since: number): Question | null {
  if (churnRisk !== undefined) return { sql: WHOLE_SCORES, params: {} };
  if (segmentEntered === undefined) return null;
  const { segment } = segmentEntered;
  return {
    // By the words of now; others may have a fault
    sql: `SELECT 1 FROM kenal.mart_runs WHERE mart = 'computed' AND started_at > {since:DateTime64(6, 'UTC')}
      AND (state = 'done' OR state = 'failed' AND endsWith(error, {others:String}) AND position(error, {own:String}) = 0) LIMIT 1`,
    params: { since: sqlTime(since), others: OTHERS_UP_TO_DATE, own: `segment.${segment}: ` },
  };
}

/** The newest scores are not of a run that still writes, or was cut off. */
const WHOLE_SCORES = `SELECT 1 FROM kenal.mart_runs CROSS JOIN (SELECT count() AS scored, max(computed_at) AS newest FROM kenal.churn) AS c
  WHERE mart = 'scores' AND state = 'done' AND scored > 0 AND updated_at >= newest LIMIT 1`;
