import {
  type Clock,
  type EventLog,
  GROUPS,
  type IdentityState,
  type KenalConfig,
  type Subscription,
  TOPICS,
} from '@kenal/contracts';
import { changeTopicSpecs, createStandstill, topicSpecs } from '@kenal/event-log';
import { type Health, type Logger, type Metrics, repeat, type Service } from '@kenal/service-kit';
import { createParts } from './parts.ts';
import { OutOfPlace } from './positions.ts';
import { createResolverMetrics } from './resolver-metrics.ts';
import type { StepHook } from './step-hook.ts';

export interface ResolverDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly logger: Logger;
  /** Rejects where the log would give less than the state has lost. Asked before a partition is read. */
  readonly mayRead?: () => Promise<void>;
  /** Between any two steps; for tests. */
  readonly onStep?: StepHook;
  /** Fields of components that a round decides on, more than that is left to the lane; for tests. */
  readonly mostFields?: number;
}

/** Records of one partition in a batch; a round takes one batch of each partition at most. */
const LOOK_MS = 10_000;
const BATCH_RECORDS = 500;
const CHECK_MS = 1_000;

/** The service `identity-resolver`: interactions in, their persons and the changes of profiles out (README.md). */
export function createIdentityResolver(deps: ResolverDeps): Service {
  const { log, config, logger, onStep = () => {} } = deps;
  const metrics = createResolverMetrics(deps.metrics);
  // Batches may come before `subscribe` has answered
  const subscribed = Promise.withResolvers<Subscription>();
  const parts = createParts({ ...deps, metrics, onStep }, subscribed.promise);
  const { workspaces, positions, relay, directives, computed, round, rounds, lane, check } = parts;
  let subscription: Subscription | null = null;
  const standstill = createStandstill(log, GROUPS.resolver, [TOPICS.interactions.name]);
  // Where the log does not answer, the check says so
  const looking = repeat(standstill.look, { everyMs: LOOK_MS, againMs: LOOK_MS, onFault: () => undefined });
  const checking = repeat(check, {
    everyMs: CHECK_MS,
    againMs: CHECK_MS,
    onFault: (err) => logger.warn({ err }, 'the identity state or the log does not answer, trying again'),
  });

  return {
    async start() {
      const retention = config.workspaces.map(({ retentionDays }) => retentionDays);
      await log.ensureTopics([...topicSpecs(...retention), ...changeTopicSpecs(config)]);
      deps.health.add(
        'identity-resolver',
        () => round.fault ?? lane.fault ?? checking.fault ?? directives.fault ?? computed.fault ?? standstill.fault(),
      );
      await directives.begin();
      subscription = await log.subscribe({
        group: GROUPS.resolver,
        topics: [TOPICS.interactions.name],
        maxBatchRecords: BATCH_RECORDS,
        startAt: positions.startAt,
        onBatch: async (batch) => {
          await lane.room();
          await rounds.take(batch);
        },
        onRevoked: async (revoked) => parts.forget(revoked),
        onError: (error) => {
          if (!(error instanceof OutOfPlace))
            logger.warn({ err: error }, 'a batch of interactions will be delivered again');
        },
      });
      subscribed.resolve(subscription);
      looking.start(0);
      directives.start();
      computed.start();
      checking.start(0); // the first one sends what a former life left in the outbox
    },
    async stop() {
      // Together: a sweep waits for the lane
      await Promise.all([looking.stop(), checking.stop(), directives.stop(), computed.stop(), lane.stop()]);
      await subscription?.stop();
      await relay.flush(workspaces.configured).catch((error: unknown) => {
        logger.warn({ err: error }, 'changes stay in the outbox until the next start');
      });
    },
  };
}
