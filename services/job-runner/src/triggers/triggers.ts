import type { Clock, TriggersConfig, WorkspaceConfig } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { forgetErased } from '../marts/forget-erased.ts';
import type { Mart } from '../marts/mart.ts';
import type { ActionRows } from './action-rows.ts';
import type { ReadCandidates } from './candidates.ts';
import { decideActions } from './decide.ts';
import type { ReadNever } from './never-target.ts';

export interface TriggersDeps {
  readonly warehouse: Pick<Warehouse, 'query' | 'raw'>;
  readonly readCandidates: ReadCandidates;
  readonly readNever: ReadNever;
  readonly actionRows: ActionRows;
  readonly clock: Clock;
}

/** Mart `triggers`: look for what the rules of kenal.yaml wait for, and decide what is to be done about it. */
export function createTriggers({ warehouse, readCandidates, readNever, actionRows, clock }: TriggersDeps): Mart {
  return {
    async refresh({ workspace, signal, note }) {
      const { id, triggers } = workspace;
      await forgetErased(warehouse, 'kenal.action_rows', id);
      if (triggers.rules.length === 0 || isQuiet(triggers, workspace, clock())) return { rows: 0 };
      const never = await readNever(workspace, clock(), signal);
      let rows = await actionRows.finish(workspace, never);
      const faults: unknown[] = [];
      for (const rule of triggers.rules) {
        signal.throwIfAborted();
        await note(rule.name);
        try {
          for await (const candidates of readCandidates(workspace, rule, never, signal)) {
            const decisions = decideActions({ workspace: id, rule, most: triggers.cap.most, candidates });
            rows += await actionRows.keep(workspace, rule, decisions, never);
          }
        } catch (error) {
          // The other rules have nothing to do with it
          signal.throwIfAborted();
          faults.push(error);
        }
      }
      if (faults.length > 0) throw faults[0];
      return { rows };
    },
  };
}

/** Whether it is an hour of the workspace's day in which nobody is to be contacted. */
function isQuiet(
  { quietHours }: TriggersConfig,
  { timezone }: Pick<WorkspaceConfig, 'timezone'>,
  now: number,
): boolean {
  if (quietHours === undefined) return false;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' }).format(
    now / 1_000,
  );
  const { from, until } = quietHours;
  return from <= until ? from <= time && time < until : time >= from || time < until;
}
