import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type EventLog,
  GROUPS,
  type IdentityState,
  type KenalConfig,
  type Subscription,
  TOPICS,
} from '@kenal/contracts';
import { createStandstill, topicSpecs } from '@kenal/event-log';
import { type Health, type Logger, type Metrics, repeat, type Service } from '@kenal/service-kit';
import { createAcknowledged } from './acknowledged.ts';
import { createPipeline } from './pipeline.ts';
import { createPositions, type Gap, OutOfPlace, StateLostTail } from './positions.ts';
import { createResolverMetrics } from './resolver-metrics.ts';
import { createRounds } from './rounds.ts';
import type { StepHook } from './step-hook.ts';
import { createRelay } from './steps/relay.ts';
import { createWatchedRound } from './watched-round.ts';
import { createWorkspaces } from './workspaces.ts';

export interface ResolverDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly logger: Logger;
  /** Between any two steps; for tests. */
  readonly onStep?: StepHook;
}

/** Records of one partition in a batch; a round takes one batch of each partition at most. */
const LOOK_MS = 10_000;
const BATCH_RECORDS = 500;
const CHECK_MS = 1_000;

/** The service `identity-resolver`: interactions in, their persons and the changes of profiles out (README.md). */
export function createIdentityResolver(deps: ResolverDeps): Service {
  const { log, state, config, logger } = deps;
  const workspaces = createWorkspaces(config);
  const metrics = createResolverMetrics(deps.metrics);
  const positions = createPositions(log, state, workspaces.configured);
  const relay = createRelay(state, log, `resolver-${randomUUID()}`);
  // Batches may come before `subscribe` has answered
  const subscribed = Promise.withResolvers<Subscription>();
  const acknowledged = createAcknowledged(async (offsets) => (await subscribed.promise).commit(offsets));
  const pipeline = createPipeline({
    ...deps,
    workspaces,
    positions,
    relay,
    metrics,
    onStep: deps.onStep ?? (() => {}),
    acknowledged,
  });
  const round = createWatchedRound({ positions, pipeline, rewind, metrics });
  const rounds = createRounds(round.process);
  let subscription: Subscription | null = null;
  const standstill = createStandstill(log, GROUPS.resolver, [TOPICS.interactions.name]);
  // Where the log does not answer, the check says so
  const looking = repeat(standstill.look, { everyMs: LOOK_MS, againMs: LOOK_MS, onFault: () => undefined });
  const checking = repeat(check, {
    everyMs: CHECK_MS,
    againMs: CHECK_MS,
    onFault: (err) => logger.warn({ err }, 'the identity state or the log does not answer, trying again'),
  });

  /** What the state has lost, or the log has left out, is read again. Batches that were read before lie after the gap. */
  async function rewind(error: StateLostTail | Gap): Promise<void> {
    logger.warn({ err: error }, 'reading again from where the identity state stands');
    metrics.rewinds.inc();
    rounds.dropWaiting(new OutOfPlace('the round was rewound'));
    acknowledged.forget();
    await (await subscribed.promise).rewind();
    rounds.dropWaiting(new OutOfPlace('the round was rewound'));
  }

  async function check(): Promise<void> {
    await rounds.between(async () => {
      try {
        await positions.check();
      } catch (error) {
        if (!(error instanceof StateLostTail)) throw error;
        await rewind(error);
      }
    });
    // Not while a round is between its commit and its acknowledgement: rounds that wait for the lease are those before it
    await rounds.between(async () => {
      if (await relay.flush(workspaces.configured)) await acknowledged.sent();
    });
  }

  return {
    async start() {
      await log.ensureTopics(topicSpecs(...config.workspaces.map(({ retentionDays }) => retentionDays)));
      deps.health.add('identity-resolver', () => round.fault ?? checking.fault ?? standstill.fault());
      subscription = await log.subscribe({
        group: GROUPS.resolver,
        topics: [TOPICS.interactions.name],
        maxBatchRecords: BATCH_RECORDS,
        startAt: positions.startAt,
        onBatch: rounds.take,
        onRevoked: async (revoked) => round.forget(revoked),
        onError: (error) => {
          if (!(error instanceof OutOfPlace))
            logger.warn({ err: error }, 'a batch of interactions will be delivered again');
        },
      });
      subscribed.resolve(subscription);
      looking.start(0);
      checking.start(0); // the first one sends what a former life left in the outbox
    },
    async stop() {
      await Promise.all([looking.stop(), checking.stop()]);
      await subscription?.stop();
      await relay.flush(workspaces.configured).catch((error: unknown) => {
        logger.warn({ err: error }, 'changes stay in the outbox until the next start');
      });
    },
  };
}
