import { type Clock, type Directive, type EventLog, type KenalConfig, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicFeed } from '@kenal/event-log';
import { createWorkspaces } from '@kenal/identity';
import { erasureHash, rulesetHash } from '@kenal/service-kit';
import type { RulesInForce } from '../profiles/reader.ts';
import { type AskStanding, createStanding, createStandingFold } from './standing.ts';

/**
 * What was decided: the rules in force, and what stands of pairs and erasures. They are read apart: a decision stands once
 * the log has it, and its rules hold for readers once the resolver decides by them.
 */
export interface Decided extends RulesInForce {
  readonly standing: AskStanding;
}

export function createDecided(log: EventLog, config: KenalConfig, clock: Clock): Decided {
  const workspaces = createWorkspaces(config, { erasureHash, rulesetHash });
  const fold = createStandingFold(clock);
  const feedOf = (onValue: (directive: Directive) => void) =>
    createTopicFeed<Directive>({
      log,
      topic: TOPICS.directives.name,
      codec: createCodec<Directive>('directive'),
      onValue,
      onUnreadable: () => undefined, // the loader reports it
    });
  return {
    workspaces,
    directives: feedOf(workspaces.take),
    standing: createStanding(fold, feedOf(fold.take)),
  };
}
