import type { Door } from '@kenal/contracts';
import { UsageError } from '../cli/usage-error.ts';
import { call } from './call.ts';
import type { Instance } from './instance.ts';

/** A source as the profile API writes it. */
export interface SourceShown {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly channel: string;
  readonly enabled: boolean;
  readonly collector: string;
  readonly door: Door;
  readonly path: string;
  readonly publicUrl: string | null;
}

/** What came of one call of a vendor, as the collector writes it. */
export interface DeliveryShown {
  readonly at: string;
  readonly bytes: number;
  readonly signature: string;
  readonly status: number;
  readonly outcome: string;
  readonly code: string | null;
  readonly events: number;
  readonly rejected: number;
  /** Of the first of its events, and of those that were refused. */
  readonly messageIds: readonly string[];
  readonly milliseconds: number;
}

export async function listSources(instance: Instance): Promise<readonly SourceShown[]> {
  const reply = await call(`${instance.apiUrl}/v1/sources`, { key: instance.readKey() });
  return ((await reply.json()) as { sources: readonly SourceShown[] }).sources;
}

/** @throws UsageError naming the sources that there are */
export async function findSource(instance: Instance, id: string): Promise<SourceShown> {
  const sources = await listSources(instance);
  const found = sources.find((source) => source.id === id);
  if (found !== undefined) return found;
  throw new UsageError(`there is no source ${id}; there are ${sources.map((source) => source.id).join(', ')}`);
}

/** Where the collector of a source answers on this machine. */
export function rootOf({ endpoints, url }: Instance, { collector }: SourceShown): string {
  return endpoints?.services?.[collector] ?? url;
}

/** The same, with the path of the source. */
export function addressOf(instance: Instance, source: SourceShown): string {
  return rootOf(instance, source) + source.path;
}

export async function listDeliveries(instance: Instance, source: SourceShown): Promise<readonly DeliveryShown[]> {
  const reply = await call(`${addressOf(instance, source)}/deliveries`, { key: instance.readKey() });
  return ((await reply.json()) as { deliveries: readonly DeliveryShown[] }).deliveries;
}
