import { computedPlace, type EventLog, type IdentityState, type PartitionRange, TOPICS } from '@kenal/contracts';
import { StateLostTail } from '../positions.ts';

/** Where the topic of computed attributes is read on. */
export interface ComputedPosition {
  /**
   * Look what the state has. Where it has lost something, or is new to us, the topic is read on once the state has all
   * interactions that the log has now.
   * @returns whether the topic may be read
   */
  look(): Promise<boolean>;
  /** Offset of the next record of a partition. */
  next(range: PartitionRange): number;
  /** The effects of what lies before are in the state. @throws StateLostTail where it is not what it was */
  raise(partition: number, upTo: number): Promise<void>;
  /** The state has lost something: all is read again. */
  lost(): void;
  /** Another process reads the topic. */
  forget(): void;
}

export function createComputedPosition(
  log: Pick<EventLog, 'ranges'>,
  state: Pick<IdentityState, 'processed' | 'advance'>,
  workspaces: readonly string[],
): ComputedPosition {
  const next = new Map<number, number>();
  let seen = new Map<string, number>();
  /** End of each partition of the interactions that the state has to reach; null = not looked at, empty = reached. */
  let ahead: ReadonlyMap<number, number> | null = null;
  let isLost = false;

  function lost(): void {
    forget();
    isLost = true;
  }

  function forget(): void {
    next.clear();
    seen = new Map();
    ahead = null;
    isLost = false;
  }

  async function begin(computed: readonly number[], offsetOf: (place: number) => number): Promise<void> {
    const ranges = await log.ranges(TOPICS.interactions.name);
    ahead = new Map(ranges.filter(({ latest }) => latest > 0).map(({ partition, latest }) => [partition, latest]));
    for (const partition of computed) next.set(partition, isLost ? 0 : Math.max(0, offsetOf(computedPlace(partition))));
  }

  return {
    async look() {
      const computed = (await log.ranges(TOPICS.computed.name)).map(({ partition }) => partition);
      const interactions = (await log.ranges(TOPICS.interactions.name)).map(({ partition }) => partition);
      const read = await state.processed(workspaces, [...computed.map(computedPlace), ...interactions]);
      const now = new Map(read.map(({ workspace, partition, offset }) => [`${partition} ${workspace}`, offset]));
      if ([...seen].some(([name, offset]) => (now.get(name) ?? -1) < offset)) lost();
      seen = now;
      const offsetOf = (place: number): number =>
        Math.min(...read.filter(({ partition }) => partition === place).map(({ offset }) => offset));
      if (ahead === null) await begin(computed, offsetOf);
      ahead = new Map([...ahead!].filter(([partition, end]) => offsetOf(partition) < end));
      return ahead.size === 0;
    },
    next({ partition, earliest, latest }) {
      const offset = next.get(partition) ?? 0;
      // Beyond the end: this is another log
      return offset > latest ? earliest : Math.max(offset, earliest);
    },
    async raise(partition, upTo) {
      const place = computedPlace(partition);
      const nameOf = (workspace: string): string => `${place} ${workspace}`;
      const raises = workspaces.map((workspace) => ({
        ...{ workspace, partition: place, offset: upTo, atLeast: seen.get(nameOf(workspace)) ?? -1 },
      }));
      const before = await state.advance(raises);
      const fallen = raises.find(({ atLeast }, i) => before[i]! < atLeast);
      if (fallen !== undefined) {
        lost();
        throw new StateLostTail(`computed attributes of ${fallen.workspace} fell below ${fallen.atLeast}`);
      }
      for (const [i, { workspace }] of raises.entries()) seen.set(nameOf(workspace), Math.max(upTo, before[i]!));
      next.set(partition, upTo);
    },
    lost,
    forget,
  };
}
