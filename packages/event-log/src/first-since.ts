import type { EventLog, PartitionRange } from '@kenal/contracts';

/**
 * The first record of a partition that the log took at a time or later; it takes them in the order of its clock.
 * @param range between whose offsets it lies
 * @param sinceMs milliseconds since 1970
 * @returns its offset; that of the range's end where there is none
 */
export async function firstSince(
  log: Pick<EventLog, 'read'>,
  { topic, partition, earliest, latest }: PartitionRange,
  sinceMs: number,
): Promise<number> {
  let [low, high] = [earliest, latest];
  while (low < high) {
    const offset = Math.floor((low + high) / 2);
    const [record] = await log.read({ topic, partition, offset }, { records: 1 });
    if (record === undefined || record.timestamp >= sinceMs) high = offset;
    else low = record.offset + 1;
  }
  return low;
}
