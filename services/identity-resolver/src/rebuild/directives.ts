import { type Directive, type EventLog, type IdentityState, type KenalConfig, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicFeed } from '@kenal/event-log';
import { createWorkspaces, type Workspaces } from '@kenal/identity';
import { erasureHash, type Logger, rulesetHash } from '@kenal/service-kit';
import { createDecider } from '../deciding/decider.ts';
import { createCarryOut } from '../directives/carry-out.ts';
import { createRulesMark } from '../directives/rules-mark.ts';
import { createSweep } from '../directives/sweep.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';

export interface ReadDirectivesDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly config: KenalConfig;
  readonly logger: Logger;
  readonly metrics: ResolverMetrics;
}

/** All directives there are, for one workspace. */
export interface ReadDirectives {
  /** With their rules. */
  readonly workspaces: Workspaces;
  /** Offset of the next one. */
  readonly next: number;
  /** Pairs and consents become evidence. */
  evidence(): Promise<void>;
  /** Decide every component by the rules in force and tell what follows. @param onSwept told how many were */
  settle(onSwept: (components: number) => void): Promise<void>;
}

const CAUSE = { messageId: '', source: '', rule: 'rebuild' };

export async function readDirectives(deps: ReadDirectivesDeps, workspace: string): Promise<ReadDirectives> {
  const { log, state, config, logger, metrics } = deps;
  const workspaces = createWorkspaces(
    { workspaces: config.workspaces.filter(({ id }) => id === workspace) },
    { erasureHash, rulesetHash },
  );
  const rulesMark = createRulesMark(state, config);
  const feed = createTopicFeed<Directive>({
    log,
    topic: TOPICS.directives.name,
    codec: createCodec<Directive>('directive'),
    onValue: workspaces.take,
    onUnreadable: (offset, err) => logger.error({ err, offset }, 'a directive cannot be read and is left out'),
  });
  await feed.catchUp();
  const next = feed.next;
  const decider = createDecider({ state, workspaces, feed, rulesMark, metrics, logger, onStep: () => {} });
  const inTurn = (work: () => Promise<void>): Promise<void> => work();
  let swept = 0;
  let onSwept: (components: number) => void = () => {};
  const sweep = createSweep({
    ...{ state, workspaces, rulesMark, decider, lane: null, inTurn, isStopping: () => false },
    onSwept: (components) => {
      swept += components;
      onSwept(swept);
    },
  });
  // Changes wait in the outbox for the resolver that comes
  const relay = { flush: async () => true };
  const carryOut = createCarryOut({ state, feed, workspaces, decider, lane: null, sweep, relay, inTurn, logger });
  return {
    workspaces,
    next,
    async evidence() {
      await rulesMark.claim(workspace);
      await carryOut.evidence();
    },
    async settle(listener) {
      onSwept = listener;
      await sweep(workspace, CAUSE);
    },
  };
}
