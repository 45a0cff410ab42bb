import type { Change } from '@kenal/contracts';

/** Tells the copies of changes that the log has twice (a relay that died before it could say that it had sent them). */
export interface Repeats {
  /** @returns false for a version of the profile above all that were asked about before; it is known from now on */
  isRepeat(change: Pick<Change, 'workspace' | 'profileId' | 'version'>): boolean;
}

/**
 * Two generations stand in for an exact order: a profile that nobody asked about during a whole one is forgotten.
 * @param size profiles in one generation; up to twice as many are held
 */
export function createRepeats(size: number): Repeats {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    isRepeat({ workspace, profileId, version }) {
      const name = `${workspace}/${profileId}`;
      const known = young.get(name) ?? old.get(name) ?? 0;
      if (version <= known) return true;
      young.set(name, version);
      if (young.size >= size) {
        old = young;
        young = new Map();
      }
      return false;
    },
  };
}
