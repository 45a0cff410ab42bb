import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CandidateIndex,
  type Clock,
  type EventLog,
  type IdentityState,
  type JobQueue,
  type KenalConfig,
  type LogBatch,
  TOPICS,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createSettle } from '@kenal/event-log';
import { columnsOfRecords } from '@kenal/identity/linkage';
import type { Logger, Metrics } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createDoor } from '../door.ts';
import { addLinkJob } from '../schedules.ts';
import { createLinkJob } from './link-job.ts';
import { openLinkage } from './linkage/session.ts';
import { createLinkerMetrics } from './linker-metrics.ts';
import { createModels, type Models } from './models.ts';
import type { PassHook } from './pass-hook.ts';
import { createPass } from './pipeline.ts';
import { createRelink } from './relink.ts';
import { createRevokedSources } from './revoked-sources.ts';
import { createFillIndex } from './steps/fill-index.ts';
import { createJudgePairs } from './steps/judge-pairs.ts';
import { createKnownLinks } from './steps/known-links.ts';
import { createLinkPairs } from './steps/link-pairs.ts';
import { createReadRecords } from './steps/read-records.ts';
import { createSubmitLinks } from './steps/submit-links.ts';
import { createSuggestions } from './steps/suggestions.ts';
import { createWeighApart } from './steps/weigh-apart.ts';
import { createWeighLate } from './steps/weigh-late.ts';
import { createWeighRecords } from './steps/weigh-records.ts';
import { createWithdrawStale } from './steps/withdraw-stale.ts';
import { createStream } from './stream.ts';

export interface LinkerDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly index: CandidateIndex;
  readonly queue: JobQueue;
  /** With its schema up to date (`migrate`). */
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly clock: Clock;
  /** Root of the profile API, and a steward key of each workspace. */
  readonly door: { readonly url: string; readonly keys: readonly string[] };
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** For tests. */
  readonly onStep?: PassHook;
}

/** The same data give the same model. */
const SEED = 1;
/** A model must fit into a record of the log, beside what stands around it. */
const MODEL_BYTES = 800_000;
const SETTLE_MS = 60_000;
const SWITCH_MS = 60_000;

/** What is done with a job, and with records that come in. @param signal ends a pass that runs */
export function createLinker(deps: LinkerDeps, signal: AbortSignal) {
  const { index, queue, warehouse, config, logger } = deps;
  const metrics = createLinkerMetrics(deps.metrics);
  const door = createDoor({ ...deps.door, config });
  const models = createModels(warehouse);
  const revokedSources = createRevokedSources(warehouse, models.freshMs);
  const judgePairs = createJudgePairs(deps.state, revokedSources);
  const submitLinks = createSubmitLinks(door);
  const suggestions = createSuggestions(warehouse);
  const columns = new Map(
    config.workspaces.map(({ id, identity, linkage }) => [id, columnsOfRecords(identity.types, linkage.traits)]),
  );
  const columnsOf = (workspace: string) => columns.get(workspace) ?? [];
  const concluding = { judgePairs, submitLinks, suggestions };
  const weighRecords = createWeighRecords({ ...deps, ...concluding, models, columnsOf, revokedSources, metrics });
  const weighApart = createWeighApart({ weighRecords, metrics, logger });
  const settle = createSettle(deps.log);
  const settled = () => settle(SETTLE_MS, signal);
  const pass = createPass({
    readRecords: createReadRecords(warehouse),
    openTable: (columns, model, run) =>
      openLinkage({ columns, seed: SEED, model, modelBytes: MODEL_BYTES }, signal, (step) => {
        run.note({ step }).catch((err: unknown) => logger.warn({ err }, 'the progress of a pass was not stored'));
      }),
    fillIndex: createFillIndex(index),
    linkPairs: createLinkPairs(concluding),
    knownLinks: createKnownLinks(warehouse),
    withdrawStale: createWithdrawStale(door, suggestions),
    weighLate: createWeighLate(index, weighApart),
    ...{ door, models, index, onStep: deps.onStep ?? (() => undefined) },
    settled,
    switched: (workspace, version) => switched(models, workspace, version),
  });
  const relink = createRelink({ ...deps, models, settled });
  const askForPass = async (workspace: string): Promise<void> => void (await addLinkJob(queue, workspace));
  const onRecords = createStream({ ...deps, models, weighApart, askForPass, metrics });
  return {
    relink: relink.work,
    link: createLinkJob({ ...deps, models, door, pass, columnsOf, metrics }),
    onBatch: (batch: LogBatch) => (batch.topic === TOPICS.directives.name ? relink.onBatch(batch) : onRecords(batch)),
  };
}

/** @throws KenalError `unavailable` where the warehouse does not show the model within a minute */
async function switched(models: Models, workspace: string, version: string): Promise<void> {
  const deadline = performance.now() + SWITCH_MS;
  while ((await models.inForce(workspace))?.model.version !== version) {
    if (performance.now() > deadline)
      throw new KenalError('unavailable', `the warehouse does not show that model ${version} is in force`);
    await sleep(models.freshMs / 4);
  }
  await sleep(2 * models.freshMs); // until then another process may still go by the model before
}
