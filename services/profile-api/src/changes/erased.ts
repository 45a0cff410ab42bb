import { setImmediate } from 'node:timers/promises';
import type { ErasedGuard, Workspaces } from '@kenal/identity';
import type { Standing } from '../directives/standing.ts';

/** What may be told of the people of a workspace, as it is now. @throws KenalError `log_unavailable` */
export type AskGuard = (workspace: string) => Promise<ErasedGuard>;

export interface GuardDeps {
  readonly workspaces: Workspaces;
  readonly standing: (workspace: string) => Promise<Pick<Standing, 'erased'>>;
}

/** The feed without what was told of people before they were erased; it stands in the log as long as that is kept. */
export function createAskGuard({ workspaces, standing }: GuardDeps): AskGuard {
  const asked = new Map<string, Promise<ErasedGuard>>();

  async function ask(workspace: string): Promise<ErasedGuard> {
    await setImmediate();
    asked.delete(workspace); // who asks from here on may know of an erasure that is not read any more
    const { erased } = await standing(workspace);
    return workspaces.of(workspace).erasedGuard(erased);
  }

  return async (workspace) => {
    // All who ask at the same moment share one look at the directives
    const guard = asked.get(workspace) ?? ask(workspace);
    asked.set(workspace, guard);
    return guard;
  };
}
