import type { JobQueue, JobWorker } from '@kenal/contracts';
import type { DeclaredExport } from '@kenal/service-kit';
import { scheduleName } from '../schedules.ts';

/** Schedules of exports, which come, change and go while Kenal runs. */
export interface Plans {
  /** Have the queue ask by the clock for those that have a schedule, and for no others. */
  follow(exports: readonly DeclaredExport[]): Promise<void>;
  stop(): Promise<void>;
}

const KIND = 'export';

/** @param ask for a run; it looks whether the export is still there, for it may have gone a moment ago */
export function createPlans(
  queue: Pick<JobQueue, 'schedule' | 'work'>,
  ask: (workspace: string, name: string) => Promise<void>,
): Plans {
  const workers = new Map<string, JobWorker>();
  let followed = '';
  return {
    async follow(exports) {
      const plans = exports.flatMap(({ workspace, name, schedule: cron, timezone }) =>
        cron === undefined
          ? []
          : [{ workspace, export: name, name: scheduleName(KIND, [workspace, name]), cron, timezone }],
      );
      if (JSON.stringify(plans) === followed) return;
      const schedules = plans.map(({ name, cron, timezone, workspace, export: asked }) => ({
        ...{ name, cron, timezone },
        data: { workspace, export: asked, cron },
      }));
      await queue.schedule(scheduleName(KIND), schedules);
      for (const { name, workspace, export: asked } of plans)
        if (!workers.has(name)) workers.set(name, await queue.work(name, 1, () => ask(workspace, asked)));
      for (const [name, worker] of workers) {
        if (plans.some((plan) => plan.name === name)) continue;
        workers.delete(name);
        await worker.drain();
      }
      followed = JSON.stringify(plans);
    },
    stop: async () => void (await Promise.all([...workers.values()].map((worker) => worker.drain()))),
  };
}
