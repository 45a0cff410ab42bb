import { hash, timingSafeEqual } from 'node:crypto';
import type { KenalConfig, KeyScope } from '@kenal/contracts';
import { createSource, type Source } from './source.ts';

/** What one write key opens. */
export interface KeyAccess {
  readonly source: Source;
  readonly scope: KeyScope;
  /** Rate limit of this key; Infinity for imports, which back-pressure paces. */
  readonly eventsPerSecond: number;
}

/** Write keys and sources of a configuration, in memory. Holds hashes only, never a key. */
export interface Keyring {
  /** @param key as a client sent it @returns null where no source has it */
  find(key: string): KeyAccess | null;
  /** @returns null where the configuration has no such source */
  source(workspace: string, id: string): Source | null;
}

const RATE_BY_SCOPE: Readonly<Record<KeyScope, number>> = {
  public: 1_000,
  secret: 100_000,
  development: 100_000,
};

const PREFIX = 'sha256:';

/** @param config with every key as `sha256:<hex>`, as `loadKenalConfig` gives it */
export function createKeyring(config: KenalConfig): Keyring {
  const keys = new Map<string, { readonly digest: Buffer; readonly access: KeyAccess }>();
  const sources = new Map<string, Source>();
  for (const workspace of config.workspaces) {
    for (const entry of workspace.sources) {
      const source = createSource(workspace, entry);
      sources.set(`${workspace.id}/${entry.id}`, source);
      for (const { key, scope } of entry.keys) {
        const eventsPerSecond =
          entry.eventsPerSecond ?? (entry.kind === 'import' ? Number.POSITIVE_INFINITY : RATE_BY_SCOPE[scope]);
        const hex = key.slice(PREFIX.length);
        keys.set(hex, { digest: Buffer.from(hex, 'hex'), access: { source, scope, eventsPerSecond } });
      }
    }
  }
  return {
    find(key) {
      // The hash decides where to look, so the time of the look-up says nothing of the key; the compare is constant
      const hex = hash('sha256', key, 'hex');
      const found = keys.get(hex);
      return found !== undefined && timingSafeEqual(found.digest, Buffer.from(hex, 'hex')) ? found.access : null;
    },
    source: (workspace, id) => sources.get(`${workspace}/${id}`) ?? null,
  };
}
