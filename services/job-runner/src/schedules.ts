import { createHash } from 'node:crypto';
import {
  type JobQueue,
  type JobWorker,
  type JsonObject,
  type KenalConfig,
  LINK_JOB,
  MART_NAMES,
  martJob,
  martSchedule,
} from '@kenal/contracts';

/** What is asked for whenever the clock says so. */
interface Plan {
  /** What tells it from all others of its kind. */
  readonly key: readonly string[];
  readonly workspace: string;
  readonly cron: string;
  readonly timezone: string;
  /** What else tells a person what it is. */
  readonly about?: JsonObject;
  ask(): Promise<unknown>;
}

/** Ask for a pass; while one waits or runs, asking again changes nothing. @returns the job's id */
export async function addLinkJob(queue: Pick<JobQueue, 'add'>, workspace: string, retrain = false): Promise<string> {
  const [id] = await queue.add([{ name: LINK_JOB, data: { workspace, retrain }, uniqueKey: workspace }]);
  return id!;
}

/** Everything that the clock asks for, in every workspace that wants it; what it asked for before and nobody wants goes. */
export async function scheduleAll(queue: JobQueue, config: KenalConfig): Promise<readonly JobWorker[]> {
  const workers: JobWorker[] = [];
  for (const [kind, plansOf] of Object.entries({ link: linkPlans, mart: martPlans })) {
    const plans = plansOf(queue, config).map((plan) => ({ ...plan, name: scheduleName(kind, plan.key) }));
    const schedules = plans.map(({ name, cron, timezone, workspace, about }) => ({
      ...{ name, cron, timezone },
      data: { workspace, cron, ...about },
    }));
    await queue.schedule(scheduleName(kind), schedules);
    for (const { name, ask } of plans) workers.push(await queue.work(name, 1, async () => void (await ask())));
  }
  return workers;
}

function linkPlans(queue: JobQueue, { workspaces }: KenalConfig): Plan[] {
  return workspaces
    .filter(({ linkage }) => linkage.enabled)
    .map(({ id, timezone, linkage }) => {
      const ask = (): Promise<string> => addLinkJob(queue, id);
      return { key: [id], workspace: id, cron: linkage.schedule, timezone, ask };
    });
}

/** Marts of one hour have one plan, so that those of a lane come in their order. */
function martPlans(queue: JobQueue, { workspaces }: KenalConfig): Plan[] {
  return workspaces.flatMap(({ id, timezone, marts }) =>
    [...Map.groupBy(MART_NAMES, (mart) => martSchedule(marts, mart))].flatMap(([cron, due]): Plan[] => {
      if (cron === null) return [];
      const ask = async (): Promise<void> => {
        for (const mart of due) await queue.add([martJob({ workspace: id, mart, full: false })]);
      };
      return [{ key: [id, cron], workspace: id, cron, timezone, about: { marts: due }, ask }];
    }),
  );
}

/** Names of jobs have fewer letters than those of workspaces. @returns without a key what all of the kind begin with */
export function scheduleName(kind: string, key?: readonly string[]): string {
  const hash = key === undefined ? '' : createHash('sha256').update(key.join('\n')).digest('hex').slice(0, 16);
  return `${kind}-schedule-${hash}`;
}
