import { type Clock, type EventLog, GROUPS, type KenalConfig, type Subscription, TOPICS } from '@kenal/contracts';
import { createStandstill, topicSpecs } from '@kenal/event-log';
import { type Health, type Logger, type Metrics, type Repeated, repeat, type Service } from '@kenal/service-kit';
import {
  applyErased,
  applyOverrides,
  applyReturned,
  type ErasedIdentifier,
  type Override,
  verifyLiveCopies,
  type Warehouse,
} from '@kenal/warehouse';
import { createBalanceWatch } from './balance-watch.ts';
import { createDeclareOnce } from './declare.ts';
import { createFlusher } from './flusher.ts';
import type { Load } from './load.ts';
import { createLoaded } from './loaded.ts';
import { createLoaderMetrics } from './loader-metrics.ts';
import { createPipeline } from './pipeline.ts';
import { createHideFailedStep } from './steps/hide-failed.ts';
import { createReadBatchStep } from './steps/read-batch.ts';
import { createReportRefusalsStep } from './steps/report-refusals.ts';
import { createStoreRowsStep } from './steps/store-rows.ts';

export interface LoaderDeps {
  readonly log: EventLog;
  /** With its schema up to date (`migrate`). */
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly logger: Logger;
  /** How often the overrides in memory are compared with the durable ones; default 60 s. */
  readonly verifyMs?: number;
  /** How often the balance is drawn up; default 60 s. */
  readonly balanceMs?: number;
}

const LOADED = [
  ...[TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.receipts],
  ...[TOPICS.directives, TOPICS.records, TOPICS.reads],
].map(({ name }) => name);
const BATCH_RECORDS = 4_000;
const LOOK_MS = 10_000;
const VERIFY_MS = 60_000;
const BALANCE_FIRST_MS = 60_000;
const VERIFY_AGAIN_MS = 1_000;
/** How long a stop goes on trying to store what is in hand; then it is left to the next start, uncommitted. */
const DRAIN_MS = 15_000;

/** The service `warehouse-loader`: topics in, ClickHouse tables out (README.md). */
export function createWarehouseLoader(deps: LoaderDeps): Service {
  const { log, warehouse, config, logger, health, verifyMs = VERIFY_MS } = deps;
  const metrics = createLoaderMetrics(deps.metrics);
  const currencies = new Map(config.workspaces.map(({ id, currency }) => [id, currency]));
  const readBatch = createReadBatchStep({
    currencyOf: (workspace) => currencies.get(workspace) ?? '',
    clock: deps.clock,
  });
  // Batches may come before `subscribe` has answered
  const subscribed = Promise.withResolvers<Subscription>();
  const loaded = createLoaded(warehouse, log, logger);
  const declareOnce = createDeclareOnce(deps);
  const store = createPipeline({
    ...storingSteps(warehouse),
    reportRefusals: createReportRefusalsStep(deps),
    remember: loaded.remember,
    commit: async (positions) => (await subscribed.promise).commit(positions),
  });
  const flusher = createFlusher({ flush, onFault });
  const verifying = createVerifying(deps, declareOnce, verifyMs);
  const balancing = createBalanceWatch(deps);
  const standstill = createStandstill(log, GROUPS.loader, LOADED);
  // Where the log does not answer, the subscription says so
  const looking = repeat(standstill.look, { everyMs: LOOK_MS, againMs: LOOK_MS, onFault: () => undefined });
  let subscription: Subscription | null = null;
  /** What stands in the way of the load in hand. */
  let loadFault: string | null = null;

  async function flush(load: Load): Promise<void> {
    // After a fault the server may have been restarted, and its copy of the overrides in memory be gone
    if (loadFault !== null || verifying.fault !== null) await verifying.now();
    const took = metrics.seconds.startTimer();
    const { rows, refused } = await store(load);
    took();
    metrics.rows.inc(rows);
    if (refused > 0) {
      metrics.refused.inc(refused);
      logger.warn({ refused }, 'events that cannot be stored were kept as failed events');
    }
    loadFault = null;
  }

  function onFault(error: unknown, tries: number): void {
    loadFault = messageOf(error);
    metrics.retries.inc();
    logger.warn({ err: error, tries }, 'the warehouse or the log did not take a load, trying again');
  }

  return {
    async start() {
      await log.ensureTopics(topicSpecs(...config.workspaces.map(({ retentionDays }) => retentionDays)));
      health.add('warehouse-loader', () => loadFault ?? verifying.fault ?? standstill.fault());
      await verifying.now();
      verifying.start(verifyMs);
      subscription = await log.subscribe({
        group: GROUPS.loader,
        topics: LOADED,
        maxBatchRecords: BATCH_RECORDS,
        startAt: loaded.startAt,
        onBatch: (batch) => {
          metrics.lag.set({ topic: batch.topic }, batch.highWatermark - batch.records.at(-1)!.offset - 1);
          return flusher.add((load) => readBatch(load, batch));
        },
        onRevoked: () => flusher.drain(),
        onError: (error) => logger.warn({ err: error }, 'the log reports a fault that it retries by itself'),
      });
      subscribed.resolve(subscription);
      looking.start(0);
      balancing.start(deps.balanceMs ?? BALANCE_FIRST_MS);
    },

    async stop() {
      await Promise.all([looking.stop(), verifying.stop(), balancing.stop()]);
      const giveUp = setTimeout(() => flusher.abandon(), DRAIN_MS);
      try {
        await subscription?.stop();
      } finally {
        clearTimeout(giveUp);
        flusher.abandon();
      }
    },
  };
}

/** What is in memory beside the durable tables is held against them, again and again. */
function createVerifying({ warehouse, logger }: LoaderDeps, first: () => Promise<void>, verifyMs: number): Repeated {
  const verify = async (): Promise<void> => {
    await first();
    const mended = await verifyLiveCopies(warehouse);
    if (mended > 0) logger.warn({ mended }, 'owners in memory were behind the durable ones, mended');
  };
  return repeat(verify, {
    everyMs: verifyMs,
    againMs: Math.min(verifyMs, VERIFY_AGAIN_MS),
    onFault: (err) =>
      logger.warn({ err }, 'the owners in memory could not be compared with the durable ones, trying again'),
  });
}

function storingSteps(warehouse: Warehouse) {
  return {
    applyErased: (erased: readonly ErasedIdentifier[]) => applyErased(warehouse, erased),
    applyOverrides: (overrides: readonly Override[]) => applyOverrides(warehouse, overrides),
    storeRows: createStoreRowsStep(warehouse),
    applyReturned: (owners: ReadonlySet<string>) => applyReturned(warehouse, owners),
    hideFailed: createHideFailedStep(warehouse),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
