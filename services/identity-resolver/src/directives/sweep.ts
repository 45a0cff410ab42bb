import type { Change, IdentityState } from '@kenal/contracts';
import type { Workspaces } from '@kenal/identity';
import type { Decider } from '../deciding/decider.ts';
import type { RulesMark } from './rules-mark.ts';

export interface SweepDeps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly rulesMark: RulesMark;
  readonly decider: Decider;
  /** Run a part of the work while no round runs. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  /** The process ends: what is left of the work is for the next one. */
  readonly isStopping: () => boolean;
  /** Told how many components were decided again. */
  readonly onSwept: (components: number) => void;
}

/**
 * Decide every component of a workspace again where it was not decided by the rules in force: a source was revoked, limits
 * or caps are others, another model is in force, the function itself is another. Rounds go on between its parts. Where it
 * is cut off it begins anew; what was decided again is found to be as it should.
 */
/** Components that rounds wait for. */
const A_TURN = 50;

export function createSweep({ state, workspaces, rulesMark, decider, inTurn, isStopping, onSwept }: SweepDeps) {
  /** All components once. @returns false where it was cut off */
  async function pass(workspace: string, cause: Change['cause']): Promise<boolean> {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(workspace, cursor);
      const components = page.components.filter(({ id }) => !id.startsWith('*'));
      for (let at = 0; at < components.length; at += A_TURN) {
        const part = components.slice(at, at + A_TURN);
        await inTurn(() => decider.again(workspace, part, cause));
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
