import { GROUPS, type JobWorker, LINK_JOB, type Subscription, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createStandstill, topicSpecs } from '@kenal/event-log';
import { type Health, repeat, type Service } from '@kenal/service-kit';
import { createDoor } from './door.ts';
import { createExports, type ExportOptions } from './exports/exports.ts';
import { createLinker, type LinkerDeps } from './linking/linker.ts';
import { RELINK_JOB } from './linking/relink.ts';
import { workMarts } from './marts/lanes.ts';
import { createLeftBehind } from './marts/left-behind.ts';
import { createMartJob } from './marts/mart-job.ts';
import { createMartMetrics } from './marts/mart-metrics.ts';
import { createMarts } from './marts/registry.ts';
import { scheduleAll } from './schedules.ts';
import { createWebhooks, type WebhooksDeps } from './webhooks/webhooks.ts';

export interface JobRunnerDeps extends LinkerDeps {
  readonly health: Health;
  readonly exports: ExportOptions;
  readonly webhooks?: Pick<WebhooksDeps, 'post' | 'waitsMs' | 'lookMs'>;
}

const READ = [TOPICS.resolved.name, TOPICS.directives.name];
const BATCH_RECORDS = 200;
const LOOK_MS = 10_000;

/** The service `job-runner`: the probabilistic pass over all records and over each as it comes in, marts, webhooks, and exports (README.md). */
export function createJobRunner(deps: JobRunnerDeps): Service {
  const { log, queue, config, logger } = deps;
  const stopping = new AbortController();
  const { link, relink, onBatch } = createLinker(deps, stopping.signal);
  const door = createDoor({ ...deps.door, config });
  const api = { url: deps.door.url, keyFor: door.keyFor };
  const webhooks = createWebhooks({ ...deps, ...deps.webhooks, door });
  const exports = createExports({ ...deps, door, apiUrl: api.url }, stopping.signal);
  const marts = { ...deps, marts: createMarts({ ...deps, api }), metrics: createMartMetrics(deps.metrics) };
  // Batches may come before `subscribe` has answered
  const subscribed = Promise.withResolvers<Subscription>();
  const standstill = createStandstill(log, GROUPS.linker, READ);
  const looking = repeat(standstill.look, { everyMs: LOOK_MS, againMs: LOOK_MS, onFault: () => undefined });
  const workers: JobWorker[] = [];
  let subscription: Subscription | null = null;
  let fault: string | null = null;

  return {
    async start() {
      await log.ensureTopics(topicSpecs(...config.workspaces.map(({ retentionDays }) => retentionDays)));
      deps.health.add('job-runner', () => fault ?? standstill.fault());
      workers.push(await queue.work(LINK_JOB, 1, link), await queue.work(RELINK_JOB, 1, relink));
      workers.push(...(await workMarts(queue, config, createMartJob(marts, stopping.signal), stopping.signal)));
      workers.push(...(await scheduleAll(queue, config)));
      const endLeftBehind = createLeftBehind(deps);
      for (const { id } of config.workspaces) await endLeftBehind(id);
      subscription = await log.subscribe({
        group: GROUPS.linker,
        topics: READ,
        maxBatchRecords: BATCH_RECORDS,
        onBatch: async (batch) => {
          await onBatch(batch);
          fault = null;
          const { topic, partition, records } = batch;
          await (await subscribed.promise).commit([{ topic, partition, offset: records.at(-1)!.offset + 1 }]);
        },
        onError: (error) => {
          fault = error instanceof Error ? error.message : String(error);
          logger.warn({ err: error }, 'a batch of records will be delivered again');
        },
      });
      subscribed.resolve(subscription);
      await webhooks.start();
      await exports.start();
      looking.start(0);
    },
    async stop() {
      const why = 'the job runner is stopping; the job begins again with the next start';
      stopping.abort(new KenalError('unavailable', why));
      await looking.stop();
      await subscription?.stop();
      await Promise.all([webhooks.stop(), exports.stop()]);
      await Promise.all(workers.map((worker) => worker.drain()));
    },
  };
}
