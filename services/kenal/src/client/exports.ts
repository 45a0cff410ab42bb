import type { ExportManifest } from '@kenal/contracts';
import { call } from './call.ts';
import type { Instance } from './instance.ts';

/** An export, as the profile API writes it. */
export interface ExportShown {
  readonly name: string;
  readonly from: string;
  readonly query: string;
  readonly format: string;
  readonly compression: string;
  readonly where: string;
  readonly schedule: string | null;
  readonly keep: number | null;
  readonly state: string | null;
  readonly lastError: string | null;
  readonly files: readonly ExportManifest[];
}

const PATH = '/v1/exports';

export async function listExports(instance: Instance): Promise<readonly ExportShown[]> {
  const reply = await call(`${instance.apiUrl}${PATH}`, { key: instance.stewardKey() });
  return ((await reply.json()) as { readonly exports: readonly ExportShown[] }).exports;
}

/** @param wanted body of `POST /v1/exports` */
export async function createExport(instance: Instance, wanted: object): Promise<ExportShown> {
  const reply = await call(`${instance.apiUrl}${PATH}`, { key: instance.stewardKey(), body: JSON.stringify(wanted) });
  return (await reply.json()) as ExportShown;
}

export async function removeExport(instance: Instance, name: string): Promise<void> {
  await call(`${instance.apiUrl}${PATH}/${encodeURIComponent(name)}`, { method: 'DELETE', key: instance.stewardKey() });
}

/** @returns id of the job that writes it */
export async function runExport(instance: Instance, name: string): Promise<string> {
  const url = `${instance.apiUrl}${PATH}/${encodeURIComponent(name)}/run`;
  const reply = await call(url, { method: 'POST', key: instance.stewardKey() });
  return ((await reply.json()) as { readonly job: string }).job;
}
