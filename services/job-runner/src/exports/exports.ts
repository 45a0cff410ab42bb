import {
  type Clock,
  type EventLog,
  EXPORT_JOB,
  exportJob,
  type IdentityState,
  type Job,
  type JobQueue,
  type JobWorker,
  type KenalConfig,
  type ReportProgress,
  TOPICS,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createSettings } from '@kenal/event-log';
import {
  type DeclaredExport,
  declaredExports,
  type Logger,
  type Metrics,
  repeat,
  type Service,
} from '@kenal/service-kit';
import type { Door } from '../door.ts';
import { type ResolveHost, resolveHost } from '../outgoing/resolve-host.ts';
import { createAskRows } from './ask-rows.ts';
import { createAwaitStored } from './await-stored.ts';
import { createOpenPlace } from './open-place.ts';
import { createPlans } from './plans.ts';
import { createRunExport } from './run-export.ts';

export interface ExportOptions {
  /** Folder below which files are written. */
  readonly base: string;
  /** Where credentials of buckets are looked up: variables that begin with AWS_ or KENAL_EXPORT_. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly resolve?: ResolveHost;
}

export interface ExportsDeps {
  readonly log: EventLog;
  readonly state: Pick<IdentityState, 'processed'>;
  readonly queue: JobQueue;
  readonly config: KenalConfig;
  readonly door: Pick<Door, 'keyFor'>;
  /** Root of the profile API. */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly exports: ExportOptions;
  readonly lookMs?: number | undefined;
}

const LOOK_MS = 2_000;

/** Writes exports, when the clock says so and when somebody asks (README.md). */
export function createExports(deps: ExportsDeps, signal: AbortSignal): Service {
  const { log, queue, config, logger, metrics, lookMs = LOOK_MS } = deps;
  const runs = metrics.counter('kenal_exports_total', 'runs of exports by outcome', ['outcome']);
  const settings = createSettings({
    ...{ log, topic: TOPICS.settings.name },
    onUnreadable: (offset, err) => logger.error({ err, offset }, 'a setting cannot be read and is left out'),
  });
  const all = (): DeclaredExport[] =>
    config.workspaces.flatMap(({ id }) => declaredExports({ config, settings, logger }, id));
  const find = (workspace: string, name: string): DeclaredExport | undefined =>
    all().find((one) => one.workspace === workspace && one.name === name);
  const runExport = createRunExport({
    ...{
      askRows: createAskRows(deps.apiUrl, deps.door.keyFor),
      awaitStored: createAwaitStored(log, deps.state),
      clock: deps.clock,
    },
    base: deps.exports.base,
    openPlace: createOpenPlace({ resolve: resolveHost, ...deps.exports }),
  });
  const plans = createPlans(queue, async (workspace, name) => {
    await settings.catchUp();
    if (find(workspace, name)?.schedule !== undefined) await queue.add([exportJob(workspace, name)]);
  });
  let worker: JobWorker | null = null;

  async function work({ data }: Job, progress: ReportProgress): Promise<void> {
    await settings.catchUp();
    const { workspace, export: name } = data as { readonly workspace: string; readonly export: string };
    const wanted = find(workspace, name);
    if (wanted === undefined) throw new KenalError('not_found', `there is no export ${name} any more`);
    try {
      const { rows, bytes, file } = await runExport(wanted, progress, signal);
      logger.info({ workspace, export: name, rows, bytes, file }, 'an export is written');
      runs.inc({ outcome: 'written' });
    } catch (error) {
      runs.inc({ outcome: 'failed' });
      throw error;
    }
  }

  const looking = repeat(
    async () => {
      await settings.catchUp();
      await plans.follow(all());
    },
    { everyMs: lookMs, againMs: lookMs, onFault: () => undefined },
  );
  return {
    async start() {
      worker = await queue.work(EXPORT_JOB, config.workspaces.length, work);
      looking.start(0);
    },
    async stop() {
      await looking.stop();
      await Promise.all([worker?.drain(), plans.stop()]);
    },
  };
}
