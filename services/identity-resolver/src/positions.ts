import {
  type EventLog,
  type IdentityState,
  type LogBatch,
  type LogPosition,
  type ProcessedOffset,
  TOPICS,
  type TopicPartition,
} from '@kenal/contracts';
import { createRoster, type Processed } from './roster.ts';
import { readStandings } from './standings.ts';
import type { Decoded } from './work.ts';

/** The state has less than this process raised: what lies after must be decided again. */
export class StateLostTail extends Error {}

/** A batch does not follow on what was processed: it was read before a rewind. It will be delivered again in its place. */
export class OutOfPlace extends Error {}

/** Directives came into force that this process had not read: what was prepared by the rules before is prepared again. */
export class StaleRules extends OutOfPlace {}

/** Records of a partition that is ours are missing before a batch: nothing but reading them can close the gap. */
export class Gap extends OutOfPlace {}

/**
 * Where to read on. The group offset says what was published, the processed offset what the state has; the smaller counts.
 *
 * Every workspace of the configuration has a processed offset in every partition, raised with each batch whether or not
 * the batch has events of it: an idle workspace holds nobody back. One that has none where we start is new, or its state
 * is lost. The roster tells whether it ever had a record there; one that had none begins where the others are. Where the
 * roster names it, or cannot tell, its partition is read again from the earliest record, once. Its offset is set to the
 * start at once, and rises from there.
 */
export interface Positions {
  startAt(assigned: readonly TopicPartition[]): Promise<readonly LogPosition[]>;
  /**
   * True for a record that may have been published already by a state which was lost since: it was in the log when the
   * loss was noticed.
   */
  isRecovering(workspace: string, record: LogPosition): boolean;
  /** @throws OutOfPlace where the batch may not be processed; Gap where what comes before it was not delivered */
  accept(batch: LogBatch): Promise<void>;
  /**
   * Raise the processed offsets after the batches' commits, up to the first record that is held.
   * @param decoded what could be read of them
   * @throws StateLostTail where the state has less than we raised
   */
  advance(batches: readonly LogBatch[], decoded: readonly Decoded[]): Promise<void>;
  /** Raise the processed offsets of partitions of which records are held no more. @throws StateLostTail as above */
  catchUp(partitions: readonly number[]): Promise<void>;
  /** @throws StateLostTail as above; for partitions where nothing comes in */
  check(): Promise<void>;
  forget(revoked: readonly TopicPartition[]): void;
  /** Whether a partition is ours. */
  has(partition: number): boolean;
}

const TOPIC = TOPICS.interactions.name;

export interface PositionsOptions {
  /** Rejects where nothing may be read from where the state stands. */
  readonly mayRead?: (() => Promise<void>) | undefined;
  /** Offset of the first record of a partition that rounds have gone past and that is not processed; default: none. */
  readonly heldFrom?: (partition: number) => number;
}

/** @param workspaces ids in the configuration */
export function createPositions(
  log: EventLog,
  state: IdentityState,
  workspaces: readonly string[],
  { mayRead, heldFrom = () => Number.POSITIVE_INFINITY }: PositionsOptions = {},
): Positions {
  /** Partition → offset of the next record to process. */
  const next = new Map<number, number>();
  /** `workspace/partition` → what stands in the state as far as we know. */
  const raised = new Map<string, number>();
  /** `workspace/partition` → end of the log when the state was seen to have lost something of it. */
  const lostUpTo = new Map<string, number>();
  const nameOf = (workspace: string, partition: number): string => `${workspace}/${partition}`;
  const roster = createRoster(state);

  async function startAt(assigned: readonly TopicPartition[]): Promise<readonly LogPosition[]> {
    await mayRead?.();
    const partitions = assigned.filter(({ topic }) => topic === TOPIC).map(({ partition }) => partition);
    const [published, standings] = await Promise.all([
      log.ranges(TOPICS.changes.name),
      readStandings(log, state, roster, workspaces, partitions),
    ]);
    // Nothing before the earliest record can be asked of a state that has nothing
    const missing = standings.flatMap(({ processed, start }) =>
      processed.filter(({ offset }) => offset < 0).map((one) => ({ ...one, offset: start })),
    );
    await state.advance(missing);
    // Where no change was ever published there is nothing to make good
    const isNew = published.every(({ latest }) => latest === 0);
    for (const { partition, start, group, latest, processed, newcomers } of standings) {
      for (const { workspace, offset } of processed) {
        const name = nameOf(workspace, partition);
        const stood = raised.get(name) ?? group ?? 0;
        if (!isNew && !newcomers.has(workspace) && offset < stood) lostUpTo.set(name, latest);
        raised.set(name, offset < 0 ? start : offset);
      }
      roster.begin(partition, start);
      next.set(partition, start);
    }
    return standings.map(({ partition, start }) => ({ topic: TOPIC, partition, offset: start }));
  }

  const isRecovering: Positions['isRecovering'] = (workspace, { partition, offset }) =>
    offset < (lostUpTo.get(nameOf(workspace, partition)) ?? 0);

  async function accept({ partition, records }: LogBatch): Promise<void> {
    const first = records[0]!.offset;
    const expected = next.get(partition);
    if (expected === undefined) throw new OutOfPlace(`partition ${partition} is not ours`);
    if (first <= expected) return;
    // A gap is none where the log itself has nothing in it (retention)
    const [follower] = await log.read({ topic: TOPIC, partition, offset: expected }, { records: 1 });
    if (follower?.offset !== first) throw new Gap(`partition ${partition} goes on at ${expected}, not ${first}`);
  }

  async function raise(processed: readonly Processed[]): Promise<void> {
    const reached = processed.map((one) => ({ ...one, upTo: Math.min(one.upTo, heldFrom(one.partition)) }));
    const raises = reached.flatMap(({ partition, upTo: offset }) =>
      workspaces.map((workspace) => {
        return { workspace, partition, offset, atLeast: raised.get(nameOf(workspace, partition)) ?? 0 };
      }),
    );
    const [before, unkept] = await Promise.all([state.advance(raises), roster.extend(reached)]);
    if (unkept.length > 0)
      throw new StateLostTail(`the roster of partitions ${unkept.join(', ')} is not what we wrote`);
    expectKept(raises, before);
    for (const { workspace, partition, offset, atLeast } of raises)
      raised.set(nameOf(workspace, partition), Math.max(offset, atLeast));
  }

  async function advance(batches: readonly LogBatch[], decoded: readonly Decoded[]): Promise<void> {
    await raise(processedOf(batches, decoded));
    for (const { partition, records } of batches)
      next.set(partition, Math.max(next.get(partition) ?? 0, records.at(-1)!.offset + 1));
  }

  async function catchUp(partitions: readonly number[]): Promise<void> {
    const ours = partitions.filter((partition) => next.has(partition));
    await raise(ours.map((partition) => ({ partition, upTo: next.get(partition)!, names: new Set() })));
  }

  async function check(): Promise<void> {
    for (const { workspace, partition, offset } of await state.processed(workspaces, [...next.keys()])) {
      const known = raised.get(nameOf(workspace, partition)) ?? -1;
      if (next.has(partition) && offset < known)
        throw new StateLostTail(`${workspace}/${partition} fell from ${known} to ${offset}`);
    }
  }

  function forget(revoked: readonly TopicPartition[]): void {
    for (const { partition } of revoked) {
      next.delete(partition);
      roster.forget(partition);
      for (const workspace of workspaces) raised.delete(nameOf(workspace, partition));
    }
  }

  return { startAt, isRecovering, accept, advance, catchUp, check, forget, has: (partition) => next.has(partition) };
}

function expectKept(raises: readonly Required<ProcessedOffset>[], before: readonly number[]): void {
  for (const [i, { workspace, partition, atLeast }] of raises.entries())
    if (before[i]! < atLeast) throw new StateLostTail(`${workspace}/${partition} fell from ${atLeast} to ${before[i]}`);
}

/** Whose records each batch holds. What could not be read is nobody's. */
function processedOf(batches: readonly LogBatch[], decoded: readonly Decoded[]): Processed[] {
  const names = new Map(batches.map(({ partition }) => [partition, new Set<string>()]));
  for (const { record, interaction } of decoded) names.get(record.partition)?.add(interaction.workspace);
  return batches.map(({ partition, records }) => ({
    partition,
    upTo: records.at(-1)!.offset + 1,
    names: names.get(partition)!,
  }));
}
