import type { IdentityState } from '@kenal/contracts';
import { silentLogger, type WarnLogger } from '@kenal/storage-kit';
import { DEFAULT_LEASE_MS } from '../lease.ts';
import { commit } from './commit.ts';
import { connect } from './connection.ts';
import { keysOf } from './keys.ts';
import { load } from './load.ts';
import { advance, processed } from './offsets.ts';
import { relay } from './outbox.ts';
import { scan } from './scan.ts';

export interface RedisStateOptions {
  /** `redis://[user:password@]host:port[/db]` or `rediss://…`; Redis 6.2 or newer. */
  readonly url: string;
  /** Milliseconds; default 10 s. */
  readonly leaseMs?: number | undefined;
  /** The longest that a call waits for Redis, in milliseconds; default 15 s. */
  readonly deadlineMs?: number | undefined;
  readonly logger?: WarnLogger | undefined;
}

/**
 * The identity state in Redis, shared by any number of workers.
 * @throws KenalError `unavailable` where Redis does not answer
 */
export async function openRedisState(options: RedisStateOptions): Promise<IdentityState> {
  const connection = await connect(options.url, options.logger ?? silentLogger, options.deadlineMs);
  const leaseMs = options.leaseMs ?? DEFAULT_LEASE_MS;
  return {
    load: (workspace, identifiers, shelves) => load(connection, workspace, identifiers, shelves),
    commit: (workspace, commits, fence) => commit(connection, workspace, commits, fence),
    anchor: (workspace, profileId) => connection.within(connection.redis.hget(keysOf(workspace).issued, profileId)),
    scan: (workspace, cursor) => scan(connection, workspace, cursor),
    advance: (offsets) => advance(connection, offsets),
    processed: (workspaces, partitions) => processed(connection, workspaces, partitions),
    relay: (workspace, holder, limit, send) => relay(connection, leaseMs, workspace, holder, limit, send),
    async close() {
      connection.redis.disconnect();
    },
  };
}
