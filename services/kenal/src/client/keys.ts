import { call } from './call.ts';
import type { Instance } from './instance.ts';

/** A key, as the profile API writes it. */
export interface KeyShown {
  readonly name: string;
  readonly from: string;
  readonly verbs: readonly string[];
  readonly fields: readonly string[] | null;
  readonly hash: string;
  readonly createdAt: string | null;
  readonly createdBy: string | null;
}

export interface NewKey {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly fields: readonly string[] | null;
}

export async function listKeys(instance: Instance): Promise<readonly KeyShown[]> {
  const reply = await call(`${instance.apiUrl}/v1/keys`, { key: instance.stewardKey() });
  return ((await reply.json()) as { readonly keys: readonly KeyShown[] }).keys;
}

/** @returns what was made, with the key itself: nobody shows it again */
export async function createKey(instance: Instance, key: NewKey): Promise<KeyShown & { readonly key: string }> {
  const reply = await call(`${instance.apiUrl}/v1/keys`, { key: instance.stewardKey(), body: JSON.stringify(key) });
  return (await reply.json()) as KeyShown & { readonly key: string };
}

export async function revokeKey(instance: Instance, name: string): Promise<void> {
  const url = `${instance.apiUrl}/v1/keys/${encodeURIComponent(name)}`;
  await call(url, { method: 'DELETE', key: instance.stewardKey() });
}
