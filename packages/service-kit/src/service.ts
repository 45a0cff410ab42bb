import { isKenalError } from '@kenal/errors';
import type { FastifyInstance } from 'fastify';
import type { Logger } from './logger.ts';

/** A part of Kenal that can run alone in a process or beside others in one. */
export interface Service {
  /** Resolves when it takes work. */
  start(): Promise<void>;
  /** Takes no more work, finishes and commits what is in hand. */
  stop(): Promise<void>;
  /** HTTP routes, where it has any; mounted before `start`. */
  routes?(app: FastifyInstance): Promise<void>;
}

/** Things to release in reverse order of their acquisition. */
export type Resources = AsyncDisposableStack;

export interface RunOptions {
  /** How long the release of everything may take before the process ends without it. Default 60 s. */
  readonly releaseTimeoutMs?: number;
}

/** Exit code of a start that fails again however often it is tried: wrong configuration, a port taken (EX_CONFIG). */
export const EXIT_CANNOT_START = 78;

const RELEASE_TIMEOUT_MS = 60_000;

/**
 * The life of a process: build, wait for SIGTERM or SIGINT, release everything in reverse.
 * A second signal ends it at once. A fault at start is one line on standard error and exit code 1, or
 * `EXIT_CANNOT_START`. A release that fails or takes too long is exit code 1 too, and stands in the log.
 * @param build acquires adapters, starts services, and registers their release with `resources`
 */
export async function runService(
  logger: Logger,
  build: (resources: Resources) => Promise<void>,
  { releaseTimeoutMs = RELEASE_TIMEOUT_MS }: RunOptions = {},
): Promise<void> {
  const resources = new AsyncDisposableStack();
  try {
    await build(resources);
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await resources.disposeAsync().catch(() => undefined);
    process.exit(isKenalError(error) && !error.retryable ? EXIT_CANNOT_START : 1);
  }
  const signal = await nextSignal();
  logger.info({ signal }, 'draining');
  process.once('SIGTERM', () => process.exit(130));
  process.once('SIGINT', () => process.exit(130));
  setTimeout(() => {
    logger.error({ releaseTimeoutMs }, 'could not stop in time');
    process.exit(1);
  }, releaseTimeoutMs);
  try {
    await resources.disposeAsync();
    logger.info('stopped');
    process.exit(0);
  } catch (error) {
    logger.error({ err: error }, 'could not stop cleanly');
    process.exit(1);
  }
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
