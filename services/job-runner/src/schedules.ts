import { createHash } from 'node:crypto';
import { type JobQueue, type JobWorker, type KenalConfig, LINK_JOB, type WorkspaceConfig } from '@kenal/contracts';

/** Ask for a pass; while one waits or runs, asking again changes nothing. @returns the job's id */
export function addLinkJob(queue: Pick<JobQueue, 'add'>, workspace: string, retrain = false): Promise<string> {
  return queue.add({ name: LINK_JOB, data: { workspace, retrain }, uniqueKey: workspace });
}

/** Passes by the clock: a schedule for each workspace that wants one. Each has a name of its own in the queue. */
export async function schedulePasses(queue: JobQueue, config: KenalConfig): Promise<readonly JobWorker[]> {
  const workers: JobWorker[] = [];
  for (const workspace of config.workspaces.filter(({ linkage }) => linkage.enabled)) {
    const name = scheduleName(workspace);
    const { timezone, linkage, id } = workspace;
    await queue.schedule({ name, cron: linkage.schedule, timezone, data: { workspace: id } });
    workers.push(await queue.work(name, 1, async () => void (await addLinkJob(queue, id))));
  }
  return workers;
}

/** Names of jobs have fewer letters than those of workspaces. */
function scheduleName({ id }: WorkspaceConfig): string {
  return `link-schedule-${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
}
