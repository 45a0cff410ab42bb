import type { JobQueue } from '@kenal/contracts';
import { openBullQueue } from '../bullmq/index.ts';
import { openEmbeddedQueue } from '../embedded/index.ts';

/** Where a queue of a test is; plain data, so that a child process can open the same one. */
export interface Place {
  readonly redisUrl?: string;
  readonly dataDir?: string;
  readonly leaseMs: number;
}

export function openPlace({ redisUrl, dataDir, leaseMs }: Place): Promise<JobQueue> {
  return redisUrl ? openBullQueue({ url: redisUrl, leaseMs }) : openEmbeddedQueue({ dataDir: dataDir!, leaseMs });
}
