import { randomUUID } from 'node:crypto';
import type { Clock, EventLog, IdentityState, KenalConfig, Subscription, TopicPartition } from '@kenal/contracts';
import { createWorkspaces } from '@kenal/identity';
import { erasureHash, type Logger, rulesetHash } from '@kenal/service-kit';
import { createAcknowledged } from './acknowledged.ts';
import { createComputedReader } from './computed/computed.ts';
import { createDecider } from './deciding/decider.ts';
import { createDirectives } from './directives/directives.ts';
import { createRulesMark } from './directives/rules-mark.ts';
import { createHeld } from './lane/held.ts';
import { createLane } from './lane/lane.ts';
import { createSettleAside } from './lane/settle-aside.ts';
import { createPipeline } from './pipeline.ts';
import { createPositions, type Gap, OutOfPlace, StateLostTail } from './positions.ts';
import type { ResolverMetrics } from './resolver-metrics.ts';
import { createRounds } from './rounds.ts';
import type { StepHook } from './step-hook.ts';
import { createRelay } from './steps/relay.ts';
import { createSteps } from './steps/steps.ts';
import { createWatchedRound } from './watched-round.ts';
import type { Decoded } from './work.ts';

export interface PartsDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly config: KenalConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
  readonly mayRead?: () => Promise<void>;
  readonly mostFields?: number;
}

/** Who has it carries out what one process is enough for. */
const FIRST_PARTITION = 0;

/** What a resolver is made of, connected with each other. @param subscribed resolves when it is a member of its group */
export function createParts(deps: PartsDeps, subscribed: Promise<Subscription>) {
  const { log, state, config, logger, metrics, onStep } = deps;
  const workspaces = createWorkspaces(config, { erasureHash, rulesetHash });
  const rulesMark = createRulesMark(state, config);
  const held = createHeld();
  const heldFrom = held.first;
  const positions = createPositions(log, state, workspaces.configured, { mayRead: deps.mayRead, heldFrom });
  const relay = createRelay({ state, log, config, holder: `resolver-${randomUUID()}`, onStep });
  const acknowledged = createAcknowledged(async (offsets) => (await subscribed).commit(offsets), heldFrom);
  const directives = createDirectives({
    ...{ log, state, workspaces, rulesMark, relay, logger },
    decider: (feed) => createDecider({ state, workspaces, feed, rulesMark, metrics, logger, onStep }),
    inTurn: (work) => rounds.between(work),
    lane: {
      holds: (...asked) => lane.holds(...asked),
      leaves: (...asked) => lane.leaves(...asked),
      run: (...asked) => lane.run(...asked),
    },
    isChosen: () => positions.has(FIRST_PARTITION),
    onSwept: (components) => metrics.swept.inc(components),
  });
  const computed = createComputedReader({
    ...{ log, state, workspaces, relay, metrics, logger },
    decider: directives.decider,
    inTurn: (work) => rounds.between(work),
    isChosen: () => positions.has(FIRST_PARTITION),
  });
  const steps = createSteps({ ...deps, workspaces, decider: directives.decider, positions });
  const between = (work: () => Promise<void>): Promise<void> => rounds.between(work);
  const settleAside = createSettleAside({ directives, steps, between, release, metrics, onStep });
  const lane = createLane({ ...deps, held, settleAside });
  const pipeline = createPipeline({ ...deps, steps, positions, lane, relay, directives, acknowledged });
  const round = createWatchedRound({ positions, pipeline, rewind, metrics });
  const rounds = createRounds(round.process);

  /** What the state has lost, or the log has left out, is read again. Batches that were read before lie after the gap. */
  async function rewind(error: StateLostTail | Gap): Promise<void> {
    logger.warn({ err: error }, 'reading again from where the identity state stands');
    metrics.rewinds.inc();
    rounds.dropWaiting(new OutOfPlace('the round was rewound'));
    acknowledged.forget();
    lane.forget();
    computed.again();
    await directives.again();
    await (await subscribed).rewind();
    rounds.dropWaiting(new OutOfPlace('the round was rewound'));
  }

  async function orRewind(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StateLostTail)) throw error;
      await rewind(error);
    }
  }

  /** Records of the lane are processed and published. */
  async function release(items: readonly Decoded[], changed: ReadonlySet<string>): Promise<void> {
    const records = items.map(({ record }) => record).filter(held.has);
    const partitions = held.release(records);
    try {
      await orRewind(() => positions.catchUp(partitions));
      if (await relay.flush(changed)) await acknowledged.sent();
    } catch (error) {
      for (const record of records) held.add(record); // all of it is done again
      throw error;
    }
  }

  async function check(): Promise<void> {
    await rounds.between(() => orRewind(positions.check));
    // Not while a round is between its commit and its acknowledgement: rounds that wait for the lease are those before it
    await rounds.between(async () => {
      if (await relay.flush(workspaces.configured)) await acknowledged.sent();
    });
  }

  function forget(revoked: readonly TopicPartition[]): void {
    round.forget(revoked);
    lane.forget(revoked);
    acknowledged.forget(revoked);
  }

  return { workspaces, positions, relay, directives, computed, round, rounds, lane, check, forget };
}
