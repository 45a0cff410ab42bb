import type { Clock, Job, KenalConfig, WorkspaceConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { RecordColumn } from '@kenal/identity/linkage';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import type { Door } from '../door.ts';
import { messageOf } from '../runs.ts';
import type { LinkerMetrics } from './linker-metrics.ts';
import type { ModelInForce, Models } from './models.ts';
import { createPassRun } from './pass-run.ts';
import type { createPass } from './pipeline.ts';

export interface LinkJobDeps {
  readonly config: KenalConfig;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly models: Models;
  readonly door: Pick<Door, 'keyFor'>;
  readonly columnsOf: (workspace: string) => readonly RecordColumn[];
  readonly pass: ReturnType<typeof createPass>;
  readonly metrics: LinkerMetrics;
  readonly logger: Logger;
}

const DAY_MICROS = 86_400_000_000;

/** Job `link`: one pass over a workspace, and its row in `linkage_runs`. Data: `{workspace, retrain}`. */
export function createLinkJob(deps: LinkJobDeps): (job: Job) => Promise<void> {
  const { warehouse, clock, logger, metrics } = deps;
  return async function link({ id, data: { workspace: name, retrain } }) {
    const workspace = deps.config.workspaces.find((each) => each.id === name);
    if (workspace === undefined) throw new KenalError('not_found', `workspace ${String(name)} is not configured`);
    deps.door.keyFor(workspace.id);
    const run = createPassRun(warehouse, clock, workspace.id, id);
    const took = metrics.seconds.startTimer();
    try {
      await run.note({ step: 'waiting for what came in' });
      const known = await modelFor(deps, workspace, retrain === true);
      const columns = deps.columnsOf(workspace.id);
      const counts = await deps.pass({ workspace: workspace.id, columns, known, run });
      const { records, pairs, links, withdrawn, suggestions, skipped } = counts;
      const error = skipped === 0 ? '' : `${skipped} records that came in meanwhile could not be weighed`;
      await run.note({ state: 'done', step: '', records, pairs, links, withdrawn, suggestions, error });
      metrics.links.inc({ by: 'pass' }, links);
      metrics.suggestions.inc({ by: 'pass' }, suggestions);
      metrics.passes.inc({ outcome: 'done' });
      logger.info(
        { workspace: workspace.id, records, pairs, links, withdrawn, suggestions, skipped },
        'records were linked',
      );
    } catch (error) {
      metrics.passes.inc({ outcome: 'failed' });
      logger.warn({ err: error, workspace: workspace.id }, 'a pass over the records failed');
      await run.note({ state: 'failed', error: messageOf(error) });
      throw error;
    } finally {
      took();
    }
  };
}

/** The model in force, as long as it is young enough. */
async function modelFor(
  { models, clock }: LinkJobDeps,
  { id, linkage }: WorkspaceConfig,
  retrain: boolean,
): Promise<ModelInForce | null> {
  const inForce = await models.inForce(id);
  if (inForce === null || retrain) return null;
  return clock() - inForce.since > linkage.retrainDays * DAY_MICROS ? null : inForce;
}
