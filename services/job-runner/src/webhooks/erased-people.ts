import {
  type Change,
  type Directive,
  type EventLog,
  type IdentityState,
  type KenalConfig,
  type Micros,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createTopicFeed } from '@kenal/event-log';
import { createWorkspaces, type ErasedGuard, type Shown } from '@kenal/identity';
import { erasureHash, rulesetHash } from '@kenal/service-kit';
import { together } from './together.ts';

/** Knows whose data may be told no more. */
export interface ErasedPeople {
  /** What of a change may be told, by the guard of the feed. */
  ofChange(change: Change): Promise<Shown>;
  /** Whether the profile is gone for good, or is of somebody who was erased after that and is back. */
  ofProfile(workspace: string, profileId: string, at: Micros): Promise<boolean>;
}

export interface ErasedPeopleDeps {
  readonly log: Pick<EventLog, 'read'>;
  readonly state: Pick<IdentityState, 'anchor'>;
  readonly config: KenalConfig;
}

/** Asks the directives, as they stand on the log at that moment: an erasure that was accepted holds for what waits. */
export function createErasedPeople({ log, state, config }: ErasedPeopleDeps): ErasedPeople {
  const workspaces = createWorkspaces(config, { erasureHash, rulesetHash });
  const guards = new Map<string, ErasedGuard>();
  const feed = createTopicFeed<Directive>({
    ...{ log, topic: TOPICS.directives.name, codec: createCodec<Directive>('directive') },
    onValue: (directive) => {
      workspaces.take(directive);
      guards.delete(directive.workspace);
    },
    onUnreadable: () => undefined, // the loader reports it
  });
  const catchUp = together(feed.catchUp);

  async function guardOf(workspace: string): Promise<ErasedGuard> {
    await catchUp();
    const guard = guards.get(workspace) ?? workspaces.of(workspace).erasedGuard();
    guards.set(workspace, guard);
    return guard;
  }

  return {
    ofChange: async (change) => (await guardOf(change.workspace)).shown(change),
    async ofProfile(workspace, profileId, at) {
      const anchor = await state.anchor(workspace, profileId);
      return anchor === null || (await guardOf(workspace)).isGone(anchor, at);
    },
  };
}
