import type { IdentityState } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { WarnLogger } from '@kenal/storage-kit';

export interface StateOptions {
  /** `redis://…` or `rediss://…`; chooses the adapter for many machines. */
  readonly redisUrl?: string | undefined;
  /** Kenal's data directory; the SQLite adapter keeps `state/identity.db` in it. Ignored where there is a Redis. */
  readonly dataDir?: string | undefined;
  readonly logger?: WarnLogger | undefined;
}

/**
 * Open the identity state: Redis where a URL is given, else a SQLite file under the data directory; the vendor's code is
 * loaded for that one only.
 * @throws KenalError `unavailable` where the store does not answer, `bad_config` where neither option is given
 */
export async function openState(options: StateOptions): Promise<IdentityState> {
  if (options.redisUrl) {
    const { openRedisState } = await import('./redis/index.ts');
    return openRedisState({ url: options.redisUrl, logger: options.logger });
  }
  if (options.dataDir) {
    const { openEmbeddedState } = await import('./embedded/index.ts');
    return openEmbeddedState({ dataDir: options.dataDir });
  }
  throw new KenalError('bad_config', 'the identity state needs REDIS_URL or a data directory');
}

export type { WarnLogger } from '@kenal/storage-kit';
