import type { CandidateIndex } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { WarnLogger } from '@kenal/storage-kit';
import { openEmbeddedCandidates } from './embedded/index.ts';
import { openRedisCandidates } from './redis/index.ts';

export interface CandidateOptions {
  /** `redis://…` or `rediss://…`; chooses the adapter for many machines. */
  readonly redisUrl?: string | undefined;
  /** Kenal's data directory; the SQLite adapter keeps `state/candidates.db` in it. Ignored where there is a Redis. */
  readonly dataDir?: string | undefined;
  /** Records of a block; default 100. */
  readonly blockLimit?: number | undefined;
  readonly logger?: WarnLogger | undefined;
}

/**
 * Open the candidate index: Redis where a URL is given, else a SQLite file under the data directory.
 * @throws KenalError `unavailable` where the store does not answer, `bad_config` where neither option is given
 */
export async function openCandidateIndex(options: CandidateOptions): Promise<CandidateIndex> {
  const { redisUrl, dataDir, blockLimit, logger } = options;
  if (redisUrl) return openRedisCandidates({ url: redisUrl, blockLimit, logger });
  if (dataDir) return openEmbeddedCandidates({ dataDir, blockLimit });
  throw new KenalError('bad_config', 'the candidate index needs REDIS_URL or a data directory');
}
