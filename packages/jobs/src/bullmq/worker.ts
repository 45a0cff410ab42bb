import type { JobHandler, JobWorker } from '@kenal/contracts';
import type { WarnLogger } from '@kenal/storage-kit';
import { type Job as BullJob, DelayedError, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { DIED, isFinal, messageOf, progressOf, waitAfter } from '../rules.ts';
import type { Gate } from './gate.ts';
import { type StoredData, toJob } from './job.ts';
import type { Queues } from './queues.ts';

export interface WorkerDeps {
  readonly connection: Redis;
  readonly prefix: string;
  readonly leaseMs: number;
  readonly logger: WarnLogger;
  readonly queues: Pick<Queues, 'of' | 'forgetDead'>;
  readonly gate: Gate;
}

type OurJob = BullJob<StoredData>;

/** A BullMQ worker under our rules: attempts are those begun, a crash included; groups and limits hold. */
export async function startWorker(
  { connection, prefix, leaseMs, logger, queues, gate }: WorkerDeps,
  name: string,
  concurrency: number,
  handler: JobHandler,
): Promise<JobWorker> {
  const queue = queues.of(name);
  const inHand = new Set<OurJob>();
  const leaving = new Set<Promise<void>>();
  const warn = (err: unknown): void => logger.warn({ err, job: name }, 'job queue: the worker met an error');

  /** Before BullMQ has its end: killed in between, the next of the key does it. */
  async function end(job: OurJob, isDead: boolean): Promise<void> {
    try {
      await queues.forgetDead(queue, job, isDead);
    } catch (err) {
      logger.warn({ err, job: name }, 'job queue: an older dead job stays');
    }
  }

  async function take(job: OurJob, token: string): Promise<void> {
    const entrance = await gate.enter(queue, job);
    if (entrance !== 'run') {
      await gate.hold(queue, job, token, entrance);
      throw new DelayedError();
    }
    inHand.add(job);
    try {
      await process(job, handler, end);
    } finally {
      inHand.delete(job);
    }
  }

  /** After BullMQ has its end, so that the next of its group begins later. Where we die before that, `mend` does it. */
  function left(job: OurJob | undefined): void {
    if (job === undefined) return;
    const leave = gate
      .leave(queue, job, job.finishedOn !== undefined)
      .catch(warn)
      .finally(() => leaving.delete(leave));
    leaving.add(leave);
  }

  const worker = new Worker<StoredData>(name, (job, token = '') => take(job, token), {
    connection,
    prefix,
    concurrency,
    lockDuration: leaseMs,
    stalledInterval: leaseMs,
    // How often a job may lose its worker is bounded by its attempts (below), not by BullMQ.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    settings: {
      backoffStrategy(_made, _type, error, job) {
        const { attemptsStarted, data } = job as OurJob; // its declared type leaves this field out
        return waitAfter(attemptsStarted, data.backoffMs, error);
      },
    },
  });
  worker.on('error', warn);
  worker.on('completed', left);
  worker.on('failed', left);
  await worker.waitUntilReady();
  const mend = (): Promise<void> => gate.mend(queue).catch(warn);
  const mending = setInterval(() => void mend(), leaseMs);
  const renewal = setInterval(() => void gate.renew(queue, inHand).catch(warn), Math.max(1, Math.floor(leaseMs / 3)));
  return {
    async drain() {
      clearInterval(mending);
      await worker.close();
      clearInterval(renewal);
      await Promise.all(leaving);
    },
  };
}

async function process(
  job: OurJob,
  handler: JobHandler,
  end: (job: OurJob, isDead: boolean) => Promise<void>,
): Promise<void> {
  const attempts = job.opts.attempts ?? 1;
  if (job.attemptsStarted > attempts) {
    await end(job, true);
    throw new UnrecoverableError(DIED);
  }
  try {
    const runAt = job.data.runAt ?? job.timestamp + (job.data.group === undefined ? (job.opts.delay ?? 0) : 0);
    await handler(toJob(job, 'active', runAt), (done, total, note) =>
      job.updateProgress({ ...progressOf(done, total, note) }).catch(() => undefined),
    );
  } catch (error) {
    if (!isFinal(error, job.attemptsStarted, attempts)) throw error instanceof Error ? error : new Error(String(error));
    await end(job, true);
    throw new UnrecoverableError(messageOf(error));
  }
  await end(job, false);
}
