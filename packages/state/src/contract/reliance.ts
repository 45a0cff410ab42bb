import { type ComponentCommit, DIRECTIVES_PARTITION } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { commitOf } from './place.ts';
import type { Bench } from './suite.ts';

export function reliancePromises({ state, workspace }: Bench): void {
  /** Whether a commit that relies on `what` is applied; each to a component of its own. */
  const admits = async (ws: string, ...what: Partial<ComponentCommit>[]) => {
    const writes = { set: new Map([['written', '1']]), issued: new Map([['profile', 'x:1']]) };
    const answers = await state().commit(
      ws,
      what.map((rest, n) => commitOf(`t-${n}-${Math.random()}`, 0, { point: [`x:t-${n}`], ...writes, ...rest })),
    );
    // What is refused has written nothing
    const { pointers } = await state().load(
      ws,
      what.map((_, n) => `x:t-${n}`),
    );
    for (const [n, applied] of answers.entries()) expect(pointers.has(`x:t-${n}`)).toBe(applied);
    if (!answers.includes(true)) expect(await state().anchor(ws, 'profile')).toBeNull();
    return answers;
  };

  test('a field of another component that was relied on must have its text still, or still not be there', async () => {
    const ws = workspace();
    await state().commit(ws, [
      commitOf('hub', 0, {
        set: new Map([
          ['h|x', '5'],
          ['empty', ''],
        ]),
      }),
    ]);
    const relies = (component: string, field: string, text: string | null) => ({
      unchanged: [
        { component: 'hub', field: 'h|x', text: '5' },
        { component, field, text },
      ],
    });
    const wrong = [
      relies('hub', 'h|x', '6'),
      relies('hub', 'h|x', null),
      relies('hub', 'h|x', ''),
      relies('hub', 'empty', null),
      relies('hub', 'missing', ''),
      relies('hub', 'missing', '5'),
      relies('nowhere', 'h|x', '5'),
    ];
    expect(await admits(ws, ...wrong)).toEqual(wrong.map(() => false));
    const right = [
      relies('hub', 'h|x', '5'),
      relies('hub', 'empty', ''),
      relies('hub', 'missing', null),
      relies('nowhere', 'h|x', null),
    ];
    expect(await admits(ws, ...right)).toEqual(right.map(() => true));
    // The version of what is relied on does not matter
    await state().commit(ws, [commitOf('hub', 1, { set: new Map([['more', '1']]) })]);
    expect(await admits(ws, relies('hub', 'h|x', '5'))).toEqual([true]);
  });

  test('a shelf that was read whole must have its size still', async () => {
    const ws = workspace();
    const shelve = ['x:a', 'x:b'].map((leaf) => ({ centre: 'x:hub', leaf, rank: 1 }));
    await state().commit(ws, [commitOf('hub', 0, { shelve })]);
    const sizes = (hub: number, none: number) => ({
      shelfSizes: new Map([
        ['x:hub', hub],
        ['x:none', none],
      ]),
    });
    expect(await admits(ws, sizes(1, 0), sizes(2, 1), sizes(3, 0), sizes(0, 0))).toEqual([false, false, false, false]);
    expect(await admits(ws, sizes(2, 0))).toEqual([true]);
    // Compared before it is changed itself, and by the next one afterwards
    const grows = { ...sizes(2, 0), shelve: [{ centre: 'x:hub', leaf: 'x:c', rank: 1 }] };
    expect(await admits(ws, grows, sizes(2, 0), sizes(3, 0))).toEqual([true, false, true]);
  });

  test('who knows fewer directives than the state has processed writes nothing, in that workspace', async () => {
    const ws = workspace();
    const other = workspace();
    let n = 0;
    const commits = (where: string, fence?: number) => {
      n += 2;
      return state().commit(where, [commitOf(`c-${n}`, 0, { point: [`x:${n}`] }), commitOf(`c-${n + 1}`, 0)], fence);
    };
    const advance = (offset: number) => state().advance([{ workspace: ws, partition: DIRECTIVES_PARTITION, offset }]);
    const fence = async (where: string) => (await state().load(where, [])).fence;
    expect(await fence(ws)).toBe(-1);
    expect(await commits(ws, -1)).toEqual([true, true]);
    await advance(7);
    expect([await fence(ws), await fence(other)]).toEqual([7, -1]);
    expect(await commits(ws, 6)).toEqual([false, false]);
    expect((await state().load(ws, [`x:${n}`])).pointers.size).toBe(0);
    for (const known of [7, 8, undefined]) expect(await commits(ws, known)).toEqual([true, true]);
    expect(await commits(other, -1)).toEqual([true, true]);
    // It does not go back, and offsets of interactions are others
    await advance(5);
    await state().advance([{ workspace: ws, partition: 0, offset: 100 }]);
    await state().advance([{ workspace: ws, partition: 1, offset: 100 }]);
    expect(await fence(ws)).toBe(7);
    expect(await commits(ws, 6)).toEqual([false, false]);
    expect(await commits(ws, 7)).toEqual([true, true]);
    await advance(1_000); // by number, not by text
    expect(await commits(ws, 999)).toEqual([false, false]);
    expect(await commits(ws, 1_000)).toEqual([true, true]);
  });
}
