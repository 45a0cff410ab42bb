import type { Job, JobQueue, NewJob } from '@kenal/contracts';

/** What a handler saw, with a promise for when it has seen enough. */
export interface Recorder {
  readonly seen: readonly { readonly job: Job; readonly at: number }[];
  /** The handler: records the job, then does as `then` says for its number (from 1). */
  readonly handler: (job: Job) => Promise<void>;
  /** Resolves once the handler was called `calls` times; the time limit of the test ends it otherwise. */
  reached(calls: number): Promise<void>;
}

export function recorder(then: (call: number, job: Job) => Promise<void> | void = () => {}): Recorder {
  const seen: { job: Job; at: number }[] = [];
  const waiting: { calls: number; resolve: () => void }[] = [];
  return {
    seen,
    async handler(job) {
      seen.push({ job, at: Date.now() });
      for (const one of waiting) if (seen.length >= one.calls) one.resolve();
      await then(seen.length, job);
    },
    reached: (calls) =>
      seen.length >= calls ? Promise.resolve() : new Promise((resolve) => waiting.push({ calls, resolve })),
  };
}

/** Ask again until the answer is right: for what another process or a server does in its own time. */
export async function eventually<T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** @returns its id */
export async function addOne(queue: JobQueue, job: NewJob): Promise<string> {
  const [id] = await queue.add([job]);
  return id!;
}
