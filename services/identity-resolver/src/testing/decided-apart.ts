import type { IdentityState, Interaction, KenalConfig } from '@kenal/contracts';
import { changeTopicSpecs } from '@kenal/event-log';
import { createWorkspaces, evidenceOf } from '@kenal/identity';
import { createLogger, createMetrics, erasureHash, rulesetHash } from '@kenal/service-kit';
import { createDecider } from '../deciding/decider.ts';
import { createDirectives } from '../directives/directives.ts';
import { createRulesMark } from '../directives/rules-mark.ts';
import { createHeld } from '../lane/held.ts';
import { createLane } from '../lane/lane.ts';
import { createResolverMetrics } from '../resolver-metrics.ts';
import { createRounds } from '../rounds.ts';
import type { StepHook } from '../step-hook.ts';
import { createRelay } from '../steps/relay.ts';
import { type AdapterEnvironment, openAdapters } from './backends.ts';

const WORKSPACE = 'shop';

interface ApartOptions {
  /** How long nobody must have answered; default as in production. */
  readonly patienceMs?: number;
  readonly onStep?: StepHook;
  /** Fields of components that a turn decides on; default as in production. */
  readonly mostFields?: number;
  /** Stands between the deciding and its state. */
  readonly around?: (state: IdentityState) => IdentityState;
  /** Told of each question to the identity state before it is asked; where it throws, it is not. */
  readonly onStateCall?: (verb: keyof IdentityState) => void;
}

/** The part of a resolver that decides, without the log of interactions: a test says when, and what. */
export async function decidedApart(
  environment: AdapterEnvironment,
  config: KenalConfig,
  { onStep = () => {}, onStateCall = () => {}, around = (of) => of, patienceMs, mostFields }: ApartOptions = {},
) {
  const { log, state: adapter } = await openAdapters(environment);
  await log.ensureTopics(changeTopicSpecs(config));
  const state = watched(around(adapter), onStateCall);
  const workspaces = createWorkspaces(config, { erasureHash, rulesetHash });
  const rulesMark = createRulesMark(state, config, patienceMs);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const metrics = createResolverMetrics(createMetrics());
  let looks = 0;
  const rounds = createRounds(async () => undefined);
  const lane = createLane({ held: createHeld(), settleAside: async () => undefined, metrics, logger, mostFields });
  const directives = createDirectives({
    ...{
      log,
      state,
      workspaces,
      rulesMark,
      logger,
      lane,
      relay: createRelay({ state, log, config, holder: crypto.randomUUID() }),
    },
    decider: (feed) => createDecider({ state, workspaces, feed, rulesMark, metrics, logger, onStep }),
    inTurn: rounds.between,
    isChosen: () => {
      looks += 1;
      return true;
    },
    onSwept: (components) => metrics.swept.inc(components),
  });
  const { decider } = directives;
  return {
    ...{ log, state, workspaces, rulesMark, directives, metrics },
    between: rounds.between,
    /** Looks for directives that were begun; all but the last have ended. */
    looks: () => looks,
    /** Decide interactions as a round does. @param known up to where directives were read; default: now */
    async decide(interactions: readonly Interaction[], known = decider.known) {
      const { rules, normaliserOf } = workspaces.of(WORKSPACE);
      const items = interactions.flatMap((item) => {
        const evidence = evidenceOf(item, normaliserOf(item.source)(item.identifiers), rules);
        return evidence === null ? [] : [{ item, evidence, recovering: false }];
      });
      return decider.settle(WORKSPACE, items, known);
    },
    async stop() {
      await Promise.all([directives.stop(), lane.stop()]);
      await state.close();
      await log.close();
    },
  };
}

function watched(state: IdentityState, onCall: (verb: keyof IdentityState) => void): IdentityState {
  return new Proxy(state, {
    get(target, verb: keyof IdentityState) {
      onCall(verb);
      return target[verb].bind(target);
    },
  });
}
