import { createHash } from 'node:crypto';
import {
  type JobQueue,
  type JobWorker,
  type KenalConfig,
  LINK_JOB,
  MART_NAMES,
  martJob,
  martSchedule,
} from '@kenal/contracts';

const KINDS = ['link', 'mart'] as const;

/** What is asked for whenever the clock says so. */
interface Plan {
  /** What tells it from all others; the queue keeps one schedule of it. */
  readonly kind: (typeof KINDS)[number];
  readonly key: readonly string[];
  readonly workspace: string;
  readonly cron: string;
  readonly timezone: string;
  ask(): Promise<unknown>;
}

/** Ask for a pass; while one waits or runs, asking again changes nothing. @returns the job's id */
export async function addLinkJob(queue: Pick<JobQueue, 'add'>, workspace: string, retrain = false): Promise<string> {
  const [id] = await queue.add([{ name: LINK_JOB, data: { workspace, retrain }, uniqueKey: workspace }]);
  return id!;
}

/** Everything that the clock asks for, in every workspace that wants it. */
export async function scheduleAll(queue: JobQueue, config: KenalConfig): Promise<readonly JobWorker[]> {
  const workers: JobWorker[] = [];
  const plans = [...linkPlans(queue, config), ...martPlans(queue, config)];
  // What was configured before and is not now would lie in the queue, due for ever
  for (const kind of KINDS) await queue.keepSchedules(beginningOf(kind), plans.map(scheduleName));
  for (const { ask, cron, timezone, ...plan } of plans) {
    const name = scheduleName(plan);
    await queue.schedule({ name, cron, timezone, data: { workspace: plan.workspace } });
    workers.push(await queue.work(name, 1, async () => void (await ask())));
  }
  return workers;
}

function linkPlans(queue: JobQueue, { workspaces }: KenalConfig): Plan[] {
  return workspaces
    .filter(({ linkage }) => linkage.enabled)
    .map(({ id, timezone, linkage }) => {
      const ask = (): Promise<string> => addLinkJob(queue, id);
      return { kind: 'link', key: [id], workspace: id, cron: linkage.schedule, timezone, ask };
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
      return [{ kind: 'mart', key: [id, cron], workspace: id, cron, timezone, ask }];
    }),
  );
}

function beginningOf(kind: Plan['kind']): string {
  return `${kind}-schedule-`;
}

/** Names of jobs have fewer letters than those of workspaces. */
function scheduleName({ kind, key }: Pick<Plan, 'kind' | 'key'>): string {
  return `${beginningOf(kind)}${createHash('sha256').update(key.join('\n')).digest('hex').slice(0, 16)}`;
}
