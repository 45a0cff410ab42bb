import { type EventLog, GROUPS, type LogPosition, type TopicPartition } from '@kenal/contracts';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';

export interface Loaded {
  /** Write into the warehouse that everything before these positions is stored; before the group commits them. */
  remember(positions: readonly LogPosition[]): Promise<void>;
  /** Positions of the partitions of which the warehouse has less than the group has committed. */
  startAt(assigned: readonly TopicPartition[]): Promise<readonly LogPosition[]>;
}

/**
 * What the warehouse itself says it has. A group's commit outlives the loss of the warehouse (a deleted directory, an older
 * backup); then the log is read again from where the warehouse stands, and what is there already collapses.
 */
export function createLoaded(warehouse: Warehouse, log: EventLog, logger: Logger): Loaded {
  return {
    remember: (positions) =>
      warehouse.insert(
        'kenal.loaded',
        positions.map(({ topic, partition, offset }) => ({ topic, partition, next_offset: offset })),
      ),
    async startAt(assigned) {
      const topics = [...new Set(assigned.map(({ topic }) => topic))];
      // In this order: another loader writes the warehouse first
      const committed = byPartition(await log.committed(GROUPS.loader, topics));
      const stored = byPartition(await storedPositions(warehouse));
      const behind = assigned.filter((at) => (stored.get(nameOf(at)) ?? 0) < (committed.get(nameOf(at)) ?? 0));
      if (behind.length === 0) return [];
      const earliest = await earliestOf(log, topics);
      const starts = behind.map((at) => ({
        ...{ topic: at.topic, partition: at.partition },
        offset: Math.max(stored.get(nameOf(at)) ?? 0, earliest.get(nameOf(at)) ?? 0),
      }));
      const records = starts.reduce((sum, at) => sum + Math.max(0, (committed.get(nameOf(at)) ?? 0) - at.offset), 0);
      // What the warehouse lacks and the log has dropped
      const expired = starts.reduce((sum, at) => sum + at.offset - (stored.get(nameOf(at)) ?? 0), 0);
      logger.warn(
        { partitions: starts.length, records, expired },
        'the warehouse has less than was loaded, reading the log again',
      );
      return starts;
    },
  };
}

async function storedPositions(warehouse: Warehouse): Promise<readonly LogPosition[]> {
  return warehouse.query<LogPosition>(
    'SELECT topic, partition, max(next_offset) AS offset FROM kenal.loaded GROUP BY topic, partition',
    { role: 'writer' },
  );
}

async function earliestOf(log: EventLog, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ranges = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
  return new Map(ranges.map((range) => [nameOf(range), range.earliest]));
}

function byPartition(positions: readonly LogPosition[]): ReadonlyMap<string, number> {
  return new Map(positions.map((at) => [nameOf(at), at.offset]));
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
