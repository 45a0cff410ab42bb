import { createHash } from 'node:crypto';
import type { JobQueue, JobWorker } from '@kenal/contracts';
import type { DeclaredExport } from '@kenal/service-kit';

/** Schedules of exports, which come, change and go while Kenal runs. */
export interface Plans {
  /** Have the queue ask by the clock for those that have a schedule, and for no others. */
  follow(exports: readonly DeclaredExport[]): Promise<void>;
  stop(): Promise<void>;
}

/** @param ask for a run; it looks whether the export is still there, for it may have gone a moment ago */
export function createPlans(
  queue: Pick<JobQueue, 'schedule' | 'keepSchedules' | 'work'>,
  ask: (workspace: string, name: string) => Promise<void>,
): Plans {
  const known = new Map<string, { readonly when: string; readonly worker: JobWorker }>();
  let isFirst = true;
  return {
    async follow(exports) {
      const wanted = new Set<string>();
      for (const { workspace, name, schedule: cron, timezone } of exports) {
        if (cron === undefined) continue;
        const schedule = scheduleName(workspace, name);
        wanted.add(schedule);
        const when = `${cron} ${timezone}`;
        const before = known.get(schedule);
        if (before?.when === when) continue;
        await queue.schedule({ name: schedule, cron, timezone, data: { workspace } });
        known.set(schedule, {
          when,
          worker: before?.worker ?? (await queue.work(schedule, 1, () => ask(workspace, name))),
        });
      }
      const gone = [...known].filter(([schedule]) => !wanted.has(schedule));
      // At the first look also those that went while nobody looked
      if (gone.length > 0 || isFirst) await queue.keepSchedules(BEGINNING, [...wanted]);
      isFirst = false;
      for (const [schedule, { worker }] of gone) {
        known.delete(schedule);
        await worker.drain();
      }
    },
    stop: async () => void (await Promise.all([...known.values()].map(({ worker }) => worker.drain()))),
  };
}

const BEGINNING = 'export-schedule-';

/** Names of jobs have fewer letters than those of workspaces. */
function scheduleName(workspace: string, name: string): string {
  return `${BEGINNING}${createHash('sha256').update(`${workspace}\n${name}`).digest('hex').slice(0, 16)}`;
}
