import type { Effort } from '../deciding/effort.ts';

/** Something that the lane does beside its records. */
export type Work = (effort: Effort) => Promise<void>;

export interface Task {
  readonly work: Work;
  readonly done: PromiseWithResolvers<boolean>;
}

/** What else the lane has to do, until it is done or dropped. */
export function createTasks() {
  const open = new Set<Task>();
  return {
    add(work: Work): Task {
      const task = { work, done: Promise.withResolvers<boolean>() };
      open.add(task);
      return task;
    },
    has: (task: Task): boolean => open.has(task),
    /** @throws what stands in the way; then it is open as before */
    async run(task: Task, effort: Effort): Promise<void> {
      if (!open.has(task)) return;
      await task.work(effort);
      open.delete(task);
      task.done.resolve(true);
    },
    drop(): void {
      for (const { done } of open) done.resolve(false);
      open.clear();
    },
  };
}
