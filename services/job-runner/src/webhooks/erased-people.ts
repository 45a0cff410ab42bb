import {
  type Change,
  type Directive,
  type EventLog,
  type Identifier,
  type IdentifierKey,
  type IdentityState,
  type KenalConfig,
  MICROS_PER_SECOND,
  type Micros,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createTopicFeed } from '@kenal/event-log';
import { createWorkspaces } from '@kenal/identity';
import { erasureHash, rulesetHash } from '@kenal/service-kit';
import { together } from './together.ts';

/** Knows whose data may be told no more. */
export interface ErasedPeople {
  /** Whether a change tells of a person who was erased since. What says that somebody is erased tells nothing of them. */
  ofChange(change: Change): Promise<boolean>;
  /** Whether the profile is gone for good, or is of somebody who was erased after that and is back. */
  ofProfile(workspace: string, profileId: string, at: Micros): Promise<boolean>;
}

export interface ErasedPeopleDeps {
  readonly log: Pick<EventLog, 'read'>;
  readonly state: Pick<IdentityState, 'anchor'>;
  readonly config: KenalConfig;
}

/** Between an erasure's word on the log and its deed a change may still be made of what it takes away. */
const DEED = 10 * MICROS_PER_SECOND;

/** Asks the directives, as they stand on the log at that moment: an erasure that was accepted holds for what waits. */
export function createErasedPeople({ log, state, config }: ErasedPeopleDeps): ErasedPeople {
  const workspaces = createWorkspaces(config, { erasureHash, rulesetHash });
  const feed = createTopicFeed<Directive>({
    ...{ log, topic: TOPICS.directives.name, codec: createCodec<Directive>('directive') },
    onValue: workspaces.take,
    onUnreadable: () => undefined, // the loader reports it
  });

  const catchUp = together(feed.catchUp);

  async function isErased(workspace: string, keys: readonly IdentifierKey[], at: Micros): Promise<boolean> {
    if (keys.length === 0) return false;
    await catchUp();
    return workspaces.of(workspace).isErased(keys, { clientAt: null, receivedAt: at - DEED });
  }

  return {
    async ofChange({ workspace, before, after, assigned, occurredAt }) {
      const told: Identifier[] = [...(before?.identifiers ?? []), ...(after?.identifiers ?? [])];
      const { identifiers } = workspaces.of(workspace).normaliserOf('')(told);
      const keys = [...identifiers, ...assigned].map(({ key }) => key);
      return isErased(workspace, keys, occurredAt);
    },
    async ofProfile(workspace, profileId, at) {
      const anchor = await state.anchor(workspace, profileId);
      return anchor === null || isErased(workspace, [anchor], at);
    },
  };
}
