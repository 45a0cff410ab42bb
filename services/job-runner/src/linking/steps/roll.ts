import type { RecordName } from '@kenal/contracts';
import type { TableRow } from '../linkage/messages.ts';
import type { ReadRecord } from './read-records.ts';

/** Names of the records of a table, by row; the table itself knows owners as numbers. */
export interface Roll {
  readonly size: number;
  /** @returns the rows for the table */
  take(records: readonly ReadRecord[]): TableRow[];
  nameOf(row: number): RecordName;
}

export function createRoll(): Roll {
  const owners: string[] = [];
  const ownerOf: number[] = [];
  const sources: string[] = [];
  return {
    get size() {
      return sources.length;
    },
    take: (records) =>
      records.map(({ owner, source, cells }) => {
        // Records of one owner come together
        if (owners.at(-1) !== owner) owners.push(owner);
        const number = owners.length - 1;
        ownerOf.push(number);
        sources.push(source);
        return { owner: number, cells };
      }),
    nameOf: (row) => ({ owner: owners[ownerOf[row]!]!, source: sources[row]! }),
  };
}
