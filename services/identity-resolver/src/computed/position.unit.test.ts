import { type PartitionRange, type ProcessedOffset, TOPICS } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { StateLostTail } from '../positions.ts';
import { createComputedPosition } from './position.ts';

/** A log of two partitions of interactions and one of computed attributes, and the offsets that a state has. */
function standing(interactions: readonly number[], computed: number) {
  const offsets = new Map<string, number>();
  const nameOf = ({ workspace, partition }: Pick<ProcessedOffset, 'workspace' | 'partition'>) =>
    `${workspace} ${partition}`;
  const rangesOf = (topic: string, ends: readonly number[]): PartitionRange[] =>
    ends.map((latest, partition) => ({ topic, partition, earliest: 0, latest }));
  const log = {
    ranges: async (topic: string) => rangesOf(topic, topic === TOPICS.computed.name ? [computed] : interactions),
  };
  const state = {
    processed: async (workspaces: readonly string[], partitions: readonly number[]) =>
      workspaces.flatMap((workspace) =>
        partitions.map((partition) => ({
          workspace,
          partition,
          offset: offsets.get(nameOf({ workspace, partition })) ?? -1,
        })),
      ),
    advance: async (raises: readonly ProcessedOffset[]) =>
      raises.map((one) => {
        const before = offsets.get(nameOf(one)) ?? -1;
        if (before >= (one.atLeast ?? -1)) offsets.set(nameOf(one), Math.max(before, one.offset));
        return before;
      }),
  };
  const put = (partition: number, offset: number) => {
    for (const workspace of ['a', 'b']) offsets.set(nameOf({ workspace, partition }), offset);
  };
  const [range] = rangesOf(TOPICS.computed.name, [computed]);
  return { position: createComputedPosition(log, state, ['a', 'b']), put, offsets, range: range! };
}

test('computed attributes wait until the state has the interactions that the log had when we looked first', async () => {
  const { position, put } = standing([7, 0], 5);
  expect(await position.look()).toBe(false);
  put(0, 6);
  expect(await position.look()).toBe(false);
  put(0, 7);
  expect(await position.look()).toBe(true);
});

test('where the state has lost interactions, all is read again, and not before they are there', async () => {
  const { position, put, range } = standing([7], 5);
  put(0, 7);
  await position.look();
  await position.raise(0, 4);
  expect(position.next(range)).toBe(4);
  put(0, 3);
  expect(await position.look()).toBe(false);
  expect(position.next(range)).toBe(0);
  put(0, 7);
  expect(await position.look()).toBe(true);
});

test('a state that has lost what was raised is not told that it has more', async () => {
  const { position, put, offsets, range } = standing([0], 5);
  await position.look();
  await position.raise(0, 3);
  put(-10, 1);
  await expect(position.raise(0, 5)).rejects.toThrow(StateLostTail);
  expect(offsets.get('a -10')).toBe(1);
  await position.look();
  expect(position.next(range)).toBe(0);
});

test('a log that is shorter than what the state has of it is another one', async () => {
  const { position, put, range } = standing([0], 5);
  put(-10, 9);
  await position.look();
  expect(position.next(range)).toBe(0);
});
