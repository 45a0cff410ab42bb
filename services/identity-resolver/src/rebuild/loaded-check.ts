import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, GROUPS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';

const POLL_MS = 100;

/**
 * Wait until the warehouse has all that resolvers have published: a rebuild takes from it what was decided and told.
 * @param topics those of the interactions with their persons, and of the changes
 * @throws KenalError `unavailable` where it does not come to that in time
 */
export async function waitUntilLoaded(
  log: EventLog,
  warehouse: Warehouse,
  topics: readonly string[],
  patienceMs: number,
): Promise<void> {
  for (let waited = 0; ; waited += POLL_MS) {
    const missing = await missingRecords(log, warehouse, topics);
    if (missing === 0) return;
    if (waited >= patienceMs)
      throw new KenalError(
        'unavailable',
        `the warehouse lacks ${missing} records that were published; let warehouse-loader run until it has them`,
      );
    await sleep(POLL_MS);
  }
}

async function missingRecords(log: EventLog, warehouse: Warehouse, topics: readonly string[]): Promise<number> {
  const ranges = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
  const committed = await log.committed(GROUPS.loader, topics);
  const stored = await warehouse.query<{ topic: string; partition: number; offset: number }>(
    'SELECT topic, partition, max(next_offset) AS offset FROM kenal.loaded GROUP BY topic, partition',
  );
  const offsetOf = (
    at: readonly { topic: string; partition: number; offset: number }[],
    topic: string,
    partition: number,
  ) => at.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0;
  return ranges.reduce((sum, { topic, partition, earliest, latest }) => {
    // The group outlives a warehouse that was lost, and the warehouse a log
    const has = Math.min(offsetOf(committed, topic, partition), offsetOf(stored, topic, partition));
    return sum + Math.max(0, latest - Math.max(earliest, has));
  }, 0);
}
