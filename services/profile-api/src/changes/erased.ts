import { setImmediate } from 'node:timers/promises';
import {
  type Change,
  DIRECTIVE_KINDS,
  type Identifier,
  type KenalConfig,
  MICROS_PER_SECOND,
  type Micros,
} from '@kenal/contracts';
import type { Workspaces } from '@kenal/identity';
import { erasureHash } from '@kenal/service-kit';
import type { Standing } from '../directives/standing.ts';

/** What of a change may be shown now. */
export const SHOWN = {
  whole: 'whole',
  /** Without what was before: it names somebody who is erased, as another profile of theirs or of others was left. */
  after: 'after',
  nothing: 'nothing',
} as const;
export type Shown = (typeof SHOWN)[keyof typeof SHOWN];

/** What is known of the erased of a workspace at a moment. */
export interface Guard {
  shown(change: Change): Shown;
}

/** The guard of a workspace, as it is now. @throws KenalError `log_unavailable` */
export type AskGuard = (workspace: string) => Promise<Guard>;

export interface GuardDeps {
  readonly config: Pick<KenalConfig, 'workspaces'>;
  readonly workspaces: Workspaces;
  readonly standing: (workspace: string) => Promise<Pick<Standing, 'erased'>>;
}

/** What a resolver had in hand when an erasure was asked for is told so much later at most. */
const IN_HAND = 60 * MICROS_PER_SECOND;

const NOBODY: Guard = { shown: () => SHOWN.whole };

/**
 * The feed without what was told of people before they were erased; it stands in the log as long as that is kept. That they
 * are erased, merged or split is told: it names profiles only.
 */
export function createAskGuard({ config, workspaces, standing }: GuardDeps): AskGuard {
  const keys = new Map(config.workspaces.map(({ id, erasureKey }) => [id, erasureKey]));
  const asked = new Map<string, Promise<Guard>>();

  async function ask(workspace: string, key: string): Promise<Guard> {
    await setImmediate();
    asked.delete(workspace); // who asks from here on may know of an erasure that is not read any more
    const { erased } = await standing(workspace);
    return erased.size === 0 ? NOBODY : guardOf(workspace, key, erased);
  }

  function guardOf(workspace: string, key: string, erased: ReadonlyMap<string, Micros>): Guard {
    const newest = [...erased.values()].reduce((most, at) => Math.max(most, at), 0);
    const { normaliserOf } = workspaces.of(workspace);
    return {
      shown(change) {
        const { occurredAt, previousVersion, before, after, assigned, released, cause } = change;
        if (occurredAt > newest + IN_HAND) return SHOWN.whole;
        const isGone = (name: string): boolean => {
          const at = erased.get(erasureHash(key, name)) ?? 0;
          // A profile of before that a round had in hand, and not one who came back
          const wasInHand = previousVersion > 0 && previousVersion <= at && occurredAt <= at + IN_HAND;
          return occurredAt <= at || wasInHand;
        };
        const names = (identifiers: readonly Identifier[] = []): boolean =>
          normaliserOf(cause.source)(identifiers).identifiers.some((one) => isGone(one.key));
        if (assigned.some((one) => isGone(one.key)) || names(after?.identifiers)) return SHOWN.nothing;
        // An erasure is told without whose identifiers it took
        const left = cause.rule === DIRECTIVE_KINDS.erase ? [] : released;
        return left.some(isGone) || names(before?.identifiers) ? SHOWN.after : SHOWN.whole;
      },
    };
  }

  return async (workspace) => {
    const key = keys.get(workspace);
    if (key === undefined) return NOBODY;
    // All who ask at the same moment share one look at the directives
    const guard = asked.get(workspace) ?? ask(workspace, key);
    asked.set(workspace, guard);
    return guard;
  };
}
