import { setTimeout as sleep } from 'node:timers/promises';
import { DIRECTIVES_APPLIED_PARTITION, type IdentityState } from '@kenal/contracts';
import type { Settle } from '@kenal/event-log';

/** How far a decision has come. */
export interface Settled {
  /** The identity state has it: profiles, and every event from now on, are as decided. */
  readonly applied: boolean;
  /** What followed from it is in the warehouse too. */
  readonly settled: boolean;
}

/** @param position of the directive in the topic */
export type AskSettled = (
  workspace: string,
  position: number,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Settled>;

const POLL_MS = 50;
/** Of a workspace: decisions that were asked for, and are not stored yet. */
const MOST_GOALS = 1_000;

/** What stood in the log once all decisions before `upTo` had been applied. */
interface Goal {
  readonly upTo: number;
  readonly settle: Settle;
}

/**
 * A directive is applied once the mark of those that are carried out lies behind it: the resolver raises it after the commits
 * of the directive and after their changes are on the topic. What is on the topics then is stored when its goal says so.
 * Goals are remembered: asked every now and then, while events come in all the time, a decision is found settled, and
 * stays so as long as this process lives.
 */
export function createAskSettled(state: Pick<IdentityState, 'processed'>, createGoal: () => Settle): AskSettled {
  const goals = new Map<string, AskGoal>();
  return async function ask(workspace, position, timeoutMs, signal) {
    const deadline = performance.now() + timeoutMs;
    let upTo: number;
    for (;;) {
      const [at] = await state.processed([workspace], [DIRECTIVES_APPLIED_PARTITION]);
      upTo = at?.offset ?? -1;
      if (upTo > position) break;
      if (performance.now() >= deadline || signal.aborted) return { applied: false, settled: false };
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    const own = goals.get(workspace) ?? createWorkspaceGoals(createGoal);
    goals.set(workspace, own);
    return { applied: true, settled: await own(position, upTo, Math.max(0, deadline - performance.now()), signal) };
  };
}

type AskGoal = (position: number, upTo: number, timeoutMs: number, signal: AbortSignal) => Promise<boolean>;

function createWorkspaceGoals(createGoal: () => Settle): AskGoal {
  let settledUpTo = 0;
  let goals: readonly Goal[] = []; // by `upTo`
  const begin = (upTo: number): Goal => {
    const goal = { upTo, settle: createGoal() };
    // A decision whose goal is dropped waits for the next one instead
    goals = [...goals, goal].toSorted((a, b) => a.upTo - b.upTo).slice(-MOST_GOALS);
    return goal;
  };
  return async (position, upTo, timeoutMs, signal) => {
    if (position < settledUpTo) return true;
    const goal = goals.find((one) => one.upTo > position) ?? begin(upTo);
    if (!(await goal.settle(timeoutMs, signal))) return false;
    settledUpTo = Math.max(settledUpTo, goal.upTo);
    goals = goals.filter((one) => one.upTo > settledUpTo);
    return true;
  };
}
