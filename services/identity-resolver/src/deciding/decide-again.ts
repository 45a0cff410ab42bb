import type { Change } from '@kenal/contracts';
import { joinWants } from '@kenal/identity';
import { NOTHING_MORE } from './access.ts';
import {
  componentsOf,
  createAgainRound,
  type DecideAgainDeps,
  type Group,
  placesOf,
  type Task,
} from './again-round.ts';
import { AT_ONCE, type Effort } from './effort.ts';
import type { Left } from './settle.ts';
import { createTries } from './tries.ts';

/**
 * Decide components again that no new evidence speaks of, because the rules are others now.
 * @returns those that were left
 */
export type DecideAgain = (
  workspace: string,
  groups: readonly Group[],
  cause: Change['cause'],
  effort?: Effort,
) => Promise<readonly Left<Group>[]>;

export function createDecideAgain(deps: DecideAgainDeps): DecideAgain {
  const { access, metrics } = deps;
  const decideRound = createAgainRound(deps);

  return async function again(workspace, groups, cause, effort = AT_ONCE) {
    const tries = createTries(metrics, effort.lane === null ? effort.mostLosses : Number.POSITIVE_INFINITY);
    const { known } = access;
    const allLeft: Left<Group>[] = [];
    let tasks: readonly Task[] = groups.map((group) => ({ group, wants: NOTHING_MORE }));
    for (let losses = 0; tasks.length > 0; ) {
      effort.signal?.throwIfAborted();
      const keys = tasks.flatMap(({ group }) => group);
      const loaded = await access.load(workspace, keys, joinWants(tasks.map(({ wants }) => wants)), known);
      const { writes, waiting, left, later } = await decideRound(tasks, loaded, { workspace, cause, effort });
      const applied = await access.commit(
        workspace,
        writes.map(({ write }) => write),
        known,
      );
      const lost = [...new Set(writes.filter((_, i) => !applied[i]).map(({ group }) => group))];
      if (lost.length > 0) losses += 1;
      const isLeft = effort.lane !== null && losses >= effort.mostLosses;
      allLeft.push(...left);
      if (isLeft)
        allLeft.push(...lost.map((group) => ({ items: [group], places: placesOf(componentsOf(group, loaded)) })));
      tasks = [...waiting, ...[...(isLeft ? [] : lost), ...later].map((group) => ({ group, wants: NOTHING_MORE }))];
      tries.looked(waiting.length > 0 && !applied.some(Boolean));
      if (lost.length > 0 && !isLeft) await tries.lost(lost.length);
    }
    return allLeft;
  };
}
