import { mkdirSync } from 'node:fs';
import { KenalError } from '@kenal/errors';
import type { Session } from 'chdb';

export type NativeSession = Session;

/** Opens native sessions on one data directory; chDB binds one directory per process. */
export interface Native {
  open(): NativeSession;
  /** Resolves when nothing native is running any more; only then may another directory be opened. */
  drained(): Promise<void>;
}

// The engine takes its limits when it starts. 24 GB machines run Kafka and Redis beside it.
const ENGINE_LIMITS = [
  `--max_server_memory_usage=${4 * 1024 ** 3}`,
  `--mark_cache_size=${256 * 1024 ** 2}`,
  `--index_mark_cache_size=${64 * 1024 ** 2}`,
  `--primary_index_cache_size=${256 * 1024 ** 2}`,
];

/**
 * Load chDB, which is an optional dependency, and bind it to a directory.
 * @throws KenalError `missing_prerequisite` where it is not installed
 */
export async function loadNative(path: string): Promise<Native> {
  let chdb: typeof import('chdb');
  try {
    chdb = await import('chdb');
  } catch (cause) {
    throw new KenalError(
      'missing_prerequisite',
      'the package chdb (the ClickHouse engine in process) could not be loaded; install it, or set CLICKHOUSE_URL to a server',
      { cause },
    );
  }
  mkdirSync(path, { recursive: true });
  return {
    open: () => new chdb.Session(path, { connectionArgs: ENGINE_LIMITS }),
    drained: () => chdb.drainPending(),
  };
}
