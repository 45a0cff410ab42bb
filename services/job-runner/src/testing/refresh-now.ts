import type { KenalConfig } from '@kenal/contracts';
import type { Mart } from '../marts/mart.ts';

/** Refresh a mart of a workspace as its job does. @returns how many rows it wrote */
export async function refreshNow(mart: Mart, { workspaces }: KenalConfig, id: string, full = false): Promise<number> {
  const workspace = workspaces.find((each) => each.id === id)!;
  const { signal } = new AbortController();
  return (await mart.refresh({ workspace, full, signal, note: async () => undefined })).rows;
}
