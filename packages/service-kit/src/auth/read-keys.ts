import { createHash, timingSafeEqual } from 'node:crypto';
import type { KenalConfig } from '@kenal/contracts';

/** A key that may decide who is who. */
export interface Steward {
  readonly workspace: string;
  /** What the audit calls the key: `key 1a2b3c4d`, the first letters of its hash in the configuration. */
  readonly name: string;
}

/** Read and steward keys in memory, as hashes only. */
export interface ReadKeys {
  /** @returns the workspace that the key may read, or null; a steward key reads as well */
  workspaceOf(key: string): string | null;
  /** @returns null where the key may not decide */
  stewardOf(key: string): Steward | null;
}

interface Entry {
  readonly hash: Buffer;
  readonly workspace: string;
  readonly decides: boolean;
}

const PREFIX = 'sha256:';
const NAME_LETTERS = 8;

/**
 * Every entry is compared whichever matches, in constant time, so the time of the answer tells nothing about the keys.
 * @param config with each key as `sha256:<hex>` (`env:` references already resolved by `loadKenalConfig`)
 */
export function createReadKeys(config: KenalConfig): ReadKeys {
  const entries = config.workspaces.flatMap(({ id, readKeys, stewardKeys }) => [
    ...entriesOf(id, readKeys, false),
    ...entriesOf(id, stewardKeys, true),
  ]);
  const find = (key: string): Entry | null => {
    const given = createHash('sha256').update(key, 'utf8').digest();
    let found: Entry | null = null;
    // Of two entries for one key the one that decides counts
    for (const entry of entries)
      if (timingSafeEqual(entry.hash, given) && (entry.decides || found === null)) found = entry;
    return found;
  };
  return {
    workspaceOf: (key) => find(key)?.workspace ?? null,
    stewardOf: (key) => {
      const entry = find(key);
      if (!entry?.decides) return null;
      return { workspace: entry.workspace, name: `key ${entry.hash.toString('hex').slice(0, NAME_LETTERS)}` };
    },
  };
}

function entriesOf(workspace: string, keys: readonly string[], decides: boolean): Entry[] {
  const hashed = keys.filter((key) => key.startsWith(PREFIX));
  return hashed.map((key) => ({ hash: Buffer.from(key.slice(PREFIX.length), 'hex'), workspace, decides }));
}
