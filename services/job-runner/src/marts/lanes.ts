import {
  type JobHandler,
  type JobQueue,
  type JobWorker,
  type KenalConfig,
  MART_LANES,
  martQueue,
} from '@kenal/contracts';
import { createTurns } from './turns.ts';

/** Refreshes at a time in a process: a heavy one may take gigabytes, a quick one is one question after the other. */
const ROOM = { quick: 2, heavy: 1 } as const;

/**
 * Work on the marts of all workspaces: of each one a lane at a time, in their order; the workspaces take turns, so one whose
 * refresh is slow holds up its own only, as long as there is room for another.
 * @param signal ends the waiting
 */
export async function workMarts(
  queue: Pick<JobQueue, 'work'>,
  { workspaces }: KenalConfig,
  refresh: JobHandler,
  signal: AbortSignal,
): Promise<readonly JobWorker[]> {
  const workers: JobWorker[] = [];
  for (const lane of MART_LANES) {
    const turn = createTurns(ROOM[lane], signal);
    for (const { id } of workspaces)
      workers.push(await queue.work(martQueue(id, lane), 1, (job, progress) => turn(() => refresh(job, progress))));
  }
  return workers;
}
