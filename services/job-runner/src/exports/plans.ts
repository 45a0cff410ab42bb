import { createHash } from 'node:crypto';
import type { JobQueue, JobWorker } from '@kenal/contracts';
import type { DeclaredExport } from '@kenal/service-kit';

/** Schedules of exports, which come, change and go while Kenal runs. */
export interface Plans {
  /** Have the queue ask by the clock for those that have a schedule. */
  follow(exports: readonly DeclaredExport[]): Promise<void>;
  stop(): Promise<void>;
}

/** @param ask for a run; it looks whether the export is still there, since a schedule of the queue is never taken back */
export function createPlans(
  queue: Pick<JobQueue, 'schedule' | 'work'>,
  ask: (workspace: string, name: string) => Promise<void>,
): Plans {
  const known = new Map<string, string>();
  const workers: JobWorker[] = [];
  return {
    async follow(exports) {
      for (const { workspace, name, schedule: cron, timezone } of exports) {
        if (cron === undefined) continue;
        const schedule = scheduleName(workspace, name);
        const when = `${cron} ${timezone}`;
        const before = known.get(schedule);
        if (before === when) continue;
        await queue.schedule({ name: schedule, cron, timezone, data: { workspace } });
        if (before === undefined) workers.push(await queue.work(schedule, 1, () => ask(workspace, name)));
        known.set(schedule, when);
      }
    },
    stop: async () => void (await Promise.all(workers.map((worker) => worker.drain()))),
  };
}

/** Names of jobs have fewer letters than those of workspaces. */
function scheduleName(workspace: string, name: string): string {
  return `export-schedule-${createHash('sha256').update(`${workspace}\n${name}`).digest('hex').slice(0, 16)}`;
}
