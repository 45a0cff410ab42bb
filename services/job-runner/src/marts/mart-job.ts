import { type JobHandler, type KenalConfig, martRunId } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createRun, messageOf } from '../runs.ts';
import { createLeftBehind, type LeftBehindDeps } from './left-behind.ts';
import type { Mart } from './mart.ts';
import type { MartMetrics } from './mart-metrics.ts';

export interface MartJobDeps extends LeftBehindDeps {
  readonly config: KenalConfig;
  readonly marts: Readonly<Record<string, Mart>>;
  readonly metrics: MartMetrics;
}

interface MartFacts {
  readonly state: 'running' | 'done' | 'failed';
  readonly step: string;
  readonly rows: number;
  readonly seconds: number;
  readonly error: string;
}

const NOTHING: MartFacts = { state: 'running', step: '', rows: 0, seconds: 0, error: '' };

/**
 * Refresh one mart of a workspace, and its row in `mart_runs`. Data: `{workspace, mart, full}`.
 * @param signal ends what runs
 */
export function createMartJob(deps: MartJobDeps, signal: AbortSignal): JobHandler {
  const { config, warehouse, clock, marts, metrics, logger } = deps;
  const endLeftBehind = createLeftBehind(deps);
  return async function refresh({ id, data }, progress) {
    const workspace = config.workspaces.find((each) => each.id === data.workspace);
    if (workspace === undefined) throw new KenalError('not_found', `workspace ${data.workspace} is not configured`);
    const name = String(data.mart);
    const mart = marts[name];
    if (mart === undefined) throw new KenalError('not_found', `there is no mart ${name}`);
    const full = data.full === true;
    await endLeftBehind(workspace.id);
    const key = { workspace: workspace.id, mart: name, id: martRunId({ mart: name, full }, id), full };
    const run = createRun(warehouse, clock, { table: 'kenal.mart_run_rows', key, facts: NOTHING });
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1_000;
    try {
      await run.note({});
      let steps = 0;
      const note = async (step: string): Promise<void> => {
        await Promise.all([run.note({ step, seconds: seconds() }), progress(++steps, null, step)]);
      };
      const { rows } = await mart.refresh({ workspace, full, signal, note });
      await run.note({ state: 'done', step: '', rows, seconds: seconds() });
      metrics.refreshes.inc({ mart: name, outcome: 'done' });
      metrics.rows.inc({ mart: name }, rows);
    } catch (error) {
      metrics.refreshes.inc({ mart: name, outcome: 'failed' });
      logger.warn({ err: error, workspace: workspace.id, mart: name }, 'a mart was not refreshed');
      await run.note({ state: 'failed', seconds: seconds(), error: messageOf(error) });
      throw error;
    } finally {
      metrics.seconds.observe({ mart: name }, seconds());
    }
  };
}
