import type { Job, JobState } from '@kenal/contracts';

/**
 * How a piece of work goes. The queue knows better whether it goes on; of a job that it no longer has, its last word holds.
 * @param run what the work itself wrote last
 */
export function stateOf<S extends string>(run: { readonly state: S }, job: Job | undefined): S | JobState {
  const isOver = job === undefined || job.state === 'done' || job.state === 'active';
  return isOver ? run.state : job.state;
}
