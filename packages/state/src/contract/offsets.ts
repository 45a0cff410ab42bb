import { expect, test } from 'vitest';
import type { Bench } from './suite.ts';

export function offsetPromises({ state, workspace }: Bench): void {
  test('processed offsets only rise, and advance tells what stood there before', async () => {
    const ws = workspace();
    const other = workspace();
    expect(await state().processed([ws], [0])).toEqual([{ workspace: ws, partition: 0, offset: -1 }]);
    const raise = (partition: number, offset: number, w = ws) => ({ workspace: w, partition, offset });
    expect(await state().advance([raise(0, 5), raise(1, 0), raise(0, 9, other), raise(0, 7)])).toEqual([-1, -1, -1, 5]);
    expect(await state().advance([raise(0, 3), raise(0, 2 ** 52), raise(1, 0)])).toEqual([7, 7, 0]);
    expect(await state().processed([ws, other], [0, 1])).toEqual([
      raise(0, 2 ** 52),
      raise(1, 0),
      raise(0, 9, other),
      raise(1, -1, other),
    ]);
    expect(await state().advance([])).toEqual([]);
    expect(await state().processed([], [0])).toEqual([]);
  });

  test('an offset is not raised over a tail that the state has lost', async () => {
    const ws = workspace();
    const raise = (offset: number, atLeast: number) => ({ workspace: ws, partition: 0, offset, atLeast });
    expect(await state().advance([raise(7, 5)])).toEqual([-1]);
    expect(await state().processed([ws], [0])).toEqual([{ workspace: ws, partition: 0, offset: -1 }]);
    expect(await state().advance([raise(5, -1), raise(9, 5), raise(20, 10), raise(11, 9)])).toEqual([-1, 5, 9, 9]);
    expect(await state().processed([ws], [0])).toEqual([{ workspace: ws, partition: 0, offset: 11 }]);
  });
}
