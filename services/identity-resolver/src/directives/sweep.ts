import type { Change, ComponentSnapshot, IdentityState } from '@kenal/contracts';
import { joinPlaces, type Workspaces } from '@kenal/identity';
import { groupsOf } from '../deciding/again-round.ts';
import type { Decider } from '../deciding/decider.ts';
import { AT_ONCE, boundedBy } from '../deciding/effort.ts';
import type { Lane } from '../lane/lane.ts';
import type { RulesMark } from './rules-mark.ts';

/** The lane as directives see it. */
export type AsideLane = Pick<Lane, 'holds' | 'leaves' | 'run'>;

export interface SweepDeps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly rulesMark: RulesMark;
  readonly decider: Decider;
  /** Decides what is too much for a turn; null = nobody waits for a turn. */
  readonly lane: AsideLane | null;
  /** Run a part of the work while no round runs. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  /** The process ends: what is left of the work is for the next one. */
  readonly isStopping: () => boolean;
  /** Told how many components were decided again. */
  readonly onSwept: (components: number) => void;
}

/** Components that rounds wait for. */
const A_TURN = 50;

/**
 * Decide every component of a workspace again where it was not decided by the rules in force: a source was revoked, limits
 * or caps are others, another model is in force, the function itself is another. Rounds go on between its parts. Where it
 * is cut off it begins anew; what was decided again is found to be as it should.
 */
export function createSweep(deps: SweepDeps) {
  const { state, workspaces, rulesMark, decider, lane, inTurn, isStopping, onSwept } = deps;
  const effort = lane === null ? AT_ONCE : boundedBy(lane);

  /** Some components once. @returns false where it was cut off */
  async function turn(
    workspace: string,
    components: readonly ComponentSnapshot[],
    cause: Change['cause'],
  ): Promise<boolean> {
    let left: Awaited<ReturnType<Decider['again']>> = [];
    await inTurn(async () => {
      left = await decider.again(workspace, groupsOf(components), cause, effort);
    });
    if (lane === null || left.length === 0) return true;
    // As one: many of them may hang on the same hubs
    const groups = left.flatMap(({ items }) => items);
    return lane.run(workspace, joinPlaces(left.map(({ places }) => places)), async (patience) => {
      await decider.again(workspace, groups, cause, patience);
    });
  }

  /** All components once. @returns false where it was cut off */
  async function pass(workspace: string, cause: Change['cause']): Promise<boolean> {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(workspace, cursor);
      const components = page.components.filter(({ id }) => !id.startsWith('*'));
      for (let at = 0; at < components.length; at += A_TURN) {
        const part = components.slice(at, at + A_TURN);
        if (!(await turn(workspace, part, cause))) return false;
        onSwept(part.length);
        if (isStopping()) return false;
      }
      cursor = page.cursor;
    } while (cursor !== null);
    return true;
  }

  /**
   * @param cause what the changes that follow name as theirs
   * @returns false where it was cut off, or the workspace is decided by another's rules
   */
  return async function sweep(workspace: string, cause: Change['cause']): Promise<boolean> {
    for (;;) {
      const { version: rules } = workspaces.of(workspace).rules;
      const mark = await rulesMark.knock(workspace);
      if (mark === null) return false;
      if (mark.swept === rules) return true;
      if (!(await pass(workspace, cause))) return false;
      if (workspaces.of(workspace).rules.version === rules && (await rulesMark.swept(workspace, mark, rules)))
        return true;
    }
  };
}
