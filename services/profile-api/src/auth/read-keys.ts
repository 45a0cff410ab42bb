import { createHash, timingSafeEqual } from 'node:crypto';
import type { KenalConfig } from '@kenal/contracts';

/** Read keys in memory, as hashes only. */
export interface ReadKeys {
  /** @returns the workspace that the key may read, or null */
  workspaceOf(key: string): string | null;
}

interface Entry {
  readonly hash: Buffer;
  readonly workspace: string;
}

const PREFIX = 'sha256:';

/**
 * Every entry is compared whichever matches, in constant time, so the time of the answer tells nothing about the keys.
 * @param config with each key as `sha256:<hex>` (`env:` references already resolved by `loadKenalConfig`)
 */
export function createReadKeys(config: KenalConfig): ReadKeys {
  const entries: Entry[] = [];
  for (const workspace of config.workspaces) {
    for (const key of workspace.readKeys) {
      if (key.startsWith(PREFIX))
        entries.push({ hash: Buffer.from(key.slice(PREFIX.length), 'hex'), workspace: workspace.id });
    }
  }
  return {
    workspaceOf: (key) => {
      const given = createHash('sha256').update(key, 'utf8').digest();
      let found: string | null = null;
      for (const entry of entries) if (timingSafeEqual(entry.hash, given)) found = entry.workspace;
      return found;
    },
  };
}
