import type { MessagePort } from 'node:worker_threads';
import { openEventLog } from '@kenal/event-log';
import { openEmbeddedQueue } from '@kenal/jobs/embedded';
import { runServiceThread, type ServiceThreadData, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openCandidateIndex } from '@kenal/state/candidates';
import { connectWarehouse } from '@kenal/warehouse';
import { createJobRunner } from './app.ts';
import type { ExportOptions } from './exports/exports.ts';

/** `workerData` of a thread that hosts the job runner. */
export interface JobRunnerThreadData extends ServiceThreadData {
  /** To the engine of the thread that owns the data directory (`EmbeddedWarehouse.share`). */
  readonly warehouse: MessagePort;
  /** Root of the profile API, and a steward key of each workspace. */
  readonly door: { readonly url: string; readonly keys: readonly string[] };
  /** Where exports are written, and where credentials of buckets are looked up. */
  readonly exports: Omit<ExportOptions, 'resolve'>;
}

const NAME = 'job-runner';
/** One process alone works on a data directory: where it was killed, the next need not wait long for its jobs. */
const LEASE_MS = 5_000;

await runServiceThread<JobRunnerThreadData>(NAME, async ({ data, resources, logger, ...parts }) => {
  const { dataDir, door, exports } = data;
  const log = await openEventLog({ dataDir, clientId: NAME, logger });
  resources.defer(() => log.close());
  const state = await openState({ dataDir, logger });
  resources.defer(() => state.close());
  const index = await openCandidateIndex({ dataDir, logger });
  resources.defer(() => index.close());
  const queue = await openEmbeddedQueue({ dataDir, leaseMs: LEASE_MS, logger });
  resources.defer(() => queue.close());
  const warehouse = connectWarehouse(data.warehouse, dataDir);
  resources.defer(() => warehouse.close());
  return createJobRunner({ ...parts, log, state, index, queue, warehouse, door, exports, clock: systemClock, logger });
});
