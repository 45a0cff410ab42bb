import { KenalError } from '@kenal/errors';
import type { Reader } from '@kenal/service-kit';

/** Who may follow: so many at once with one key, and so many in all. */
export interface Places {
  /** @returns what gives the place back @throws KenalError `too_many_streams` */
  take(reader: Reader): () => void;
}

/** @param mostOfKey by workspace */
export function createPlaces(mostOfKey: (workspace: string) => number, most: number): Places {
  const ofKey = new Map<string, number>();
  let taken = 0;
  return {
    take({ workspace, name }) {
      const key = `${workspace}/${name}`;
      const own = ofKey.get(key) ?? 0;
      const limit = mostOfKey(workspace);
      if (own >= limit)
        throw new KenalError(
          'too_many_streams',
          `${name} has ${own}, workspaces.changes.streams of kenal.yaml allows ${limit}`,
        );
      if (taken >= most)
        throw new KenalError('too_many_streams', `this process has ${taken} of all workspaces, and no more`);
      ofKey.set(key, own + 1);
      taken += 1;
      return () => {
        const left = (ofKey.get(key) ?? 1) - 1;
        if (left === 0) ofKey.delete(key);
        else ofKey.set(key, left);
        taken -= 1;
      };
    },
  };
}
