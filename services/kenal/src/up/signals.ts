import type { Cli } from '../cli/cli.ts';
import { note } from '../cli/cli.ts';

export interface StopRequest {
  /** Resolves at the first SIGINT or SIGTERM. */
  readonly promise: Promise<void>;
  readonly signal: AbortSignal;
}

/** From now on the first signal asks for an orderly stop; the second one ends the process at once. */
export function onStop(cli: Cli): StopRequest {
  const asked = new AbortController();
  const promise = new Promise<void>((resolve) => {
    const take = (): void => {
      if (asked.signal.aborted) {
        note(cli, 'Kenal: ended at once; what was acknowledged is kept.');
        process.exit(130);
      }
      asked.abort();
      resolve();
    };
    process.on('SIGINT', take);
    process.on('SIGTERM', take);
  });
  return { promise, signal: asked.signal };
}
