import type { Job, JobWorker } from '@kenal/contracts';
import type { WarnLogger } from '@kenal/storage-kit';
import { type Job as BullJob, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { DIED, isFinal, messageOf, waitAfter } from '../rules.ts';
import { type StoredData, toJob } from './job.ts';

export interface WorkerDeps {
  readonly connection: Redis;
  readonly prefix: string;
  readonly leaseMs: number;
  readonly logger: WarnLogger;
}

/** A BullMQ worker under our rules: attempts are those begun, a crash included. */
export async function startWorker(
  { connection, prefix, leaseMs, logger }: WorkerDeps,
  name: string,
  concurrency: number,
  handler: (job: Job) => Promise<void>,
): Promise<JobWorker> {
  const worker = new Worker<StoredData>(name, (job) => process(job, handler), {
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

async function process(job: BullJob<StoredData>, handler: (job: Job) => Promise<void>): Promise<void> {
  const attempts = job.opts.attempts ?? 1;
  if (job.attemptsStarted > attempts) throw new UnrecoverableError(DIED);
  try {
    await handler(toJob(job, 'active', job.timestamp + (job.opts.delay ?? 0)));
  } catch (error) {
    if (isFinal(error, job.attemptsStarted, attempts)) throw new UnrecoverableError(messageOf(error));
    throw error instanceof Error ? error : new Error(String(error));
  }
}
