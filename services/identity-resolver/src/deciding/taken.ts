import type { Group } from './again-round.ts';

/** Of hubs that are none any more and have the same neighbours so many are decided at once. */
const MOST_TOGETHER = 50;

/**
 * Components that a round changes, and who has to wait for that.
 * @param later gets those, beside whom they wait for
 */
export function createTaken(later: Group[]) {
  const takenBy = new Map<string, Group>();
  const together = new Map<Group, string[]>();
  return {
    add(ids: Iterable<string>, group: Group): void {
      for (const id of ids) takenBy.set(id, group);
    },
    /** @returns whether the group waits for another that has one of these */
    by(ids: Iterable<string>, group: Group): boolean {
      for (const id of ids) {
        const first = takenBy.get(id);
        if (first === undefined) continue;
        const joined = together.get(first);
        if (joined === undefined || joined.length >= MOST_TOGETHER) {
          const next = [first[0]!, ...group];
          together.set(first, next);
          later.push(next);
        } else joined.push(...group);
        return true;
      }
      return false;
    },
  };
}
