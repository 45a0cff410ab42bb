import type { Job, JobWorker } from '@kenal/contracts';
import type { WarnLogger } from '@kenal/storage-kit';
import { type Job as BullJob, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { DIED, isFinal, messageOf, waitAfter } from '../rules.ts';
import { type StoredData, toJob } from './job.ts';
import type { Queues } from './queues.ts';

export interface WorkerDeps {
  readonly connection: Redis;
  readonly prefix: string;
  readonly leaseMs: number;
  readonly logger: WarnLogger;
  readonly queues: Pick<Queues, 'of' | 'forgetDead'>;
}

/** A BullMQ worker under our rules: attempts are those begun, a crash included. */
export async function startWorker(
  { connection, prefix, leaseMs, logger, queues }: WorkerDeps,
  name: string,
  concurrency: number,
  handler: (job: Job) => Promise<void>,
): Promise<JobWorker> {
  /** Before BullMQ has its end: killed in between, the next of the key does it. */
  async function end(job: BullJob<StoredData>, isDead: boolean): Promise<void> {
    try {
      await queues.forgetDead(queues.of(name), job, isDead);
    } catch (err) {
      logger.warn({ err, job: name }, 'job queue: an older dead job stays');
    }
  }
  const worker = new Worker<StoredData>(name, (job) => process(job, handler, end), {
    connection,
    prefix,
    concurrency,
    lockDuration: leaseMs,
    stalledInterval: leaseMs,
    // How often a job may lose its worker is bounded by its attempts (below), not by BullMQ.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    settings: {
      backoffStrategy(_made, _type, _error, job) {
        const { attemptsStarted, data } = job as BullJob<StoredData>; // its declared type leaves this field out
        return waitAfter(attemptsStarted, data.backoffMs);
      },
    },
  });
  worker.on('error', (err) => logger.warn({ err, job: name }, 'job queue: the worker met an error'));
  await worker.waitUntilReady();
  return { drain: () => worker.close() };
}

async function process(
  job: BullJob<StoredData>,
  handler: (job: Job) => Promise<void>,
  end: (job: BullJob<StoredData>, isDead: boolean) => Promise<void>,
): Promise<void> {
  const attempts = job.opts.attempts ?? 1;
  if (job.attemptsStarted > attempts) {
    await end(job, true);
    throw new UnrecoverableError(DIED);
  }
  try {
    await handler(toJob(job, 'active', job.timestamp + (job.opts.delay ?? 0)));
  } catch (error) {
    if (!isFinal(error, job.attemptsStarted, attempts)) throw error instanceof Error ? error : new Error(String(error));
    await end(job, true);
    throw new UnrecoverableError(messageOf(error));
  }
  await end(job, false);
}
