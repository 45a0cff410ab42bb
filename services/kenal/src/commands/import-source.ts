import { readEndpoints } from '../client/endpoints.ts';
import type { Instance } from '../client/instance.ts';

const DEFAULT_SOURCES = ['import', 'cli'];

/** The source that rows come from. @returns undefined where the key alone says it */
export function sourceOf(instance: Instance, asked: string | undefined): string | undefined {
  if (asked !== undefined) return instance.endpoints === null ? undefined : asked;
  return DEFAULT_SOURCES.find((source) => instance.sources.includes(source));
}

/** Of the instance that runs here, so that a dry run shows times as an import would send them. */
export function firstTimezone(dataDir: string): string {
  const endpoints = readEndpoints(dataDir);
  return endpoints?.workspaces[endpoints.workspace]?.timezone ?? 'UTC';
}
