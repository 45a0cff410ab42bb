import { createHash, timingSafeEqual } from 'node:crypto';
import { ALL_VERBS, type KenalConfig, type KeyVerb, READ_VERBS } from '@kenal/contracts';

/** Who asks, by the key that was shown. */
export interface Reader {
  readonly workspace: string;
  /** What audits call the key: `key desk`; one that has no name by the first letters of its hash, `key 1a2b3c4d`. */
  readonly name: string;
  readonly verbs: readonly KeyVerb[];
  /** Parts of a profile that it sees (`KEY_FIELDS`); null: all. */
  readonly fields: readonly string[] | null;
}

/** A key that is known by its hash. */
export interface KnownKey extends Reader {
  /** `sha256:<64 hex digits>` */
  readonly hash: string;
}

/** Keys that read, decide and manage, in memory, as hashes only. */
export interface ReadKeys {
  /** @returns null where nobody has the key */
  readerOf(key: string): Reader | null;
}

interface Entry {
  readonly hash: Buffer;
  readonly reader: Reader;
}

const PREFIX = 'sha256:';
const NAME_LETTERS = 8;

/**
 * Every entry is compared whichever matches, in constant time, so the time of the answer tells nothing about the keys.
 * @param config with each key as `sha256:<hex>` (`env:` references already resolved by `loadKenalConfig`)
 * @param managed those that were made while Kenal runs; the same list as long as they are the same
 */
export function createReadKeys(config: KenalConfig, managed: () => readonly KnownKey[] = () => []): ReadKeys {
  const own = configuredKeys(config).flatMap(entryOf);
  let made: readonly KnownKey[] = [];
  let entries = own;
  return {
    readerOf(key) {
      const now = managed();
      if (now !== made) {
        made = now;
        entries = [...own, ...now.flatMap(entryOf)];
      }
      const given = createHash('sha256').update(key, 'utf8').digest();
      let found: Reader | null = null;
      // Of several entries for one key the one that may do most counts
      for (const { hash, reader } of entries)
        if (timingSafeEqual(hash, given) && reader.verbs.length > (found?.verbs.length ?? 0)) found = reader;
      return found;
    },
  };
}

/** Keys of kenal.yaml, with what each may do. */
export function configuredKeys({ workspaces }: KenalConfig): KnownKey[] {
  return workspaces.flatMap(({ id: workspace, readKeys, stewardKeys, keys }) => [
    ...readKeys.map((hash) => ({ ...{ hash, workspace, fields: null }, name: nameOf(hash), verbs: READ_VERBS })),
    ...stewardKeys.map((hash) => ({ ...{ hash, workspace, fields: null }, name: nameOf(hash), verbs: ALL_VERBS })),
    ...keys.map(({ name, key: hash, verbs, fields }) => ({ hash, workspace, name: `key ${name}`, verbs, fields })),
  ]);
}

function nameOf(hash: string): string {
  return `key ${hash.slice(PREFIX.length, PREFIX.length + NAME_LETTERS)}`;
}

function entryOf({ hash, ...reader }: KnownKey): Entry[] {
  return hash.startsWith(PREFIX) ? [{ hash: Buffer.from(hash.slice(PREFIX.length), 'hex'), reader }] : [];
}
