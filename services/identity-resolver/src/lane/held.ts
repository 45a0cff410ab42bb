import type { StoredRecord, TopicPartition } from '@kenal/contracts';

/** Records that rounds have gone past and that are not processed yet: no offset may say otherwise. */
export interface Held {
  /** Offset of the first one of a partition; Infinity where none is held. */
  first(partition: number): number;
  /** @returns whether it is new: a round that failed brings its records again */
  add(record: StoredRecord): boolean;
  /** These are processed. @returns partitions of which some were held */
  release(records: Iterable<StoredRecord>): readonly number[];
  /** They will be delivered again, or to somebody else. @param partitions default: all */
  forget(partitions?: readonly TopicPartition[]): void;
  has(record: StoredRecord): boolean;
  readonly size: number;
}

export function createHeld(): Held {
  const records = new Map<number, Map<number, StoredRecord>>();
  const of = (partition: number): ReadonlyMap<number, StoredRecord> => records.get(partition) ?? new Map();
  const has = (record: StoredRecord): boolean => of(record.partition).get(record.offset) === record;
  return {
    has,
    first: (partition) => Math.min(...of(partition).keys()),
    add(record) {
      const { partition, offset } = record;
      if (of(partition).has(offset)) return false;
      if (!records.has(partition)) records.set(partition, new Map());
      records.get(partition)!.set(offset, record);
      return true;
    },
    release(processed) {
      const partitions = new Set<number>();
      for (const record of processed) {
        if (!has(record)) continue;
        records.get(record.partition)?.delete(record.offset);
        partitions.add(record.partition);
      }
      return [...partitions];
    },
    forget(partitions) {
      if (partitions === undefined) records.clear();
      else for (const { partition } of partitions) records.delete(partition);
    },
    get size() {
      let size = 0;
      for (const held of records.values()) size += held.size;
      return size;
    },
  };
}
