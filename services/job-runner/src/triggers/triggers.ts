import type { Clock, TriggerRule, TriggersConfig, WorkspaceConfig } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';
import { forgetErased } from '../marts/forget-erased.ts';
import type { Mart, MartRefresh } from '../marts/mart.ts';
import type { ActionRows } from './action-rows.ts';
import type { ReadCandidates } from './candidates.ts';
import { decideActions } from './decide.ts';
import type { Declared } from './declared.ts';
import type { FoundLists, OpenFound } from './found.ts';
import type { NewRule, Rules } from './rules.ts';

export interface TriggersDeps {
  readonly warehouse: Pick<Warehouse, 'query' | 'raw'>;
  readonly rules: Rules;
  readonly readCandidates: ReadCandidates;
  readonly declared: Declared;
  readonly openFound: OpenFound;
  readonly actionRows: ActionRows;
  readonly clock: Clock;
}

/** Mart `triggers`: look for what the rules of kenal.yaml wait for, and decide what is to be done about it. */
export function createTriggers(deps: TriggersDeps): Mart {
  const { warehouse, rules, readCandidates, declared, openFound, actionRows, clock } = deps;

  /** Kept before anything is sent: killed within it, it goes on; it is over when all of it is kept. */
  async function takeBaseline({ workspace, signal }: MartRefresh, fresh: NewRule, found: FoundLists): Promise<number> {
    const isWhole = await rules.isWhole(workspace, fresh);
    let rows = 0;
    for await (const candidates of readCandidates(workspace, fresh.rule, found, signal))
      rows += await actionRows.keepBaseline(workspace, fresh.rule, candidates);
    if (isWhole) await rules.stand(workspace, fresh);
    return rows;
  }

  async function decide({ workspace, signal }: MartRefresh, rule: TriggerRule, found: FoundLists): Promise<number> {
    let rows = 0;
    const { most } = workspace.triggers.cap;
    for await (const candidates of readCandidates(workspace, rule, found, signal)) {
      const decisions = decideActions({ workspace: workspace.id, rule, most, candidates });
      rows += await actionRows.keep(workspace, rule, decisions, found);
    }
    return rows;
  }

  async function refresh(ask: MartRefresh, found: FoundLists): Promise<number> {
    const { workspace, signal, note } = ask;
    const { triggers } = workspace;
    const faults = createFaults(signal);
    const fresh = await rules.readNew(workspace);
    let rows = 0;
    for (const one of fresh) {
      await note(`${one.rule.name}: its baseline`);
      rows += await faults.among(() => takeBaseline(ask, one, found));
    }
    if (triggers.rules.length > 0 && !isQuiet(triggers, workspace, clock())) {
      await declared.keepNever(workspace, found, clock(), signal);
      rows += await actionRows.finish(workspace, found);
      const isNew = new Set(fresh.map(({ rule }) => rule));
      for (const rule of triggers.rules.filter((each) => !isNew.has(each))) {
        await note(rule.name);
        rows += await faults.among(() => decide(ask, rule, found));
      }
    }
    faults.throwAll();
    return rows;
  }

  return {
    async refresh(ask) {
      const { id } = ask.workspace;
      for (const table of ['kenal.action_rows', 'kenal.rule_found_rows'] as const)
        await forgetErased(warehouse, table, id);
      const found = openFound(id);
      try {
        return { rows: await refresh(ask, found) };
      } finally {
        await found.drop();
      }
    },
  };
}

/** A rule with a fault has nothing to do with the others. */
function createFaults(signal: AbortSignal) {
  const faults: unknown[] = [];
  return {
    /** @returns what the work returns, 0 where it fails */
    async among(work: () => Promise<number>): Promise<number> {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        faults.push(error);
        return 0;
      }
    },
    /** What no other attempt can mend is told only where nothing else went wrong. */
    throwAll(): void {
      const details: string[] = [];
      for (const fault of faults) {
        if (!isKenalError(fault) || fault.retryable) throw fault;
        details.push(fault.detail);
      }
      if (details.length > 0) throw new KenalError('bad_config', details.join('; '), { cause: faults[0] });
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
