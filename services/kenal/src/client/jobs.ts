import { call } from './call.ts';
import type { Instance } from './instance.ts';

/** A job, as the profile API writes it. */
export interface JobShown {
  readonly name: string;
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly attempts: number;
  /** ISO 8601. */
  readonly runAt: string;
  readonly lastError: string | null;
  readonly group: string | null;
  readonly progress: { readonly done: number; readonly total: number | null; readonly note: string } | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface JobsAsked {
  readonly name?: string | undefined;
  readonly state?: string | undefined;
  readonly limit?: string | undefined;
}

export async function listJobs(instance: Instance, asked: JobsAsked): Promise<readonly JobShown[]> {
  const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const url = `${instance.apiUrl}/v1/jobs?${new URLSearchParams(given)}`;
  const reply = await call(url, { key: instance.stewardKey() });
  return ((await reply.json()) as { readonly jobs: readonly JobShown[] }).jobs;
}

export async function findJob(instance: Instance, name: string, id: string): Promise<JobShown> {
  const reply = await call(urlOf(instance, name, id), { key: instance.stewardKey() });
  return (await reply.json()) as JobShown;
}

export async function retryJob(instance: Instance, name: string, id: string): Promise<JobShown> {
  const reply = await call(`${urlOf(instance, name, id)}/retry`, { method: 'POST', key: instance.stewardKey() });
  return (await reply.json()) as JobShown;
}

function urlOf(instance: Instance, name: string, id: string): string {
  return `${instance.apiUrl}/v1/jobs/${encodeURIComponent(name)}/${encodeURIComponent(id)}`;
}
