import type { ComponentCommit, IdentifierKey, Micros } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { commitOf } from './place.ts';
import type { Bench } from './suite.ts';

const CENTRE = 'user_id:é|1 2';
const NOTHING = new Map();

/** Park a leaf and shelve it, as the resolver does. */
function parking(centre: IdentifierKey, leaf: IdentifierKey, rank: Micros, text: string): Partial<ComponentCommit> {
  return { park: new Map([[leaf, { centre, text }]]), shelve: [{ centre, leaf, rank }] };
}

export function parkedPromises({ state, workspace }: Bench): void {
  const shelf = async (ws: string, centre: IdentifierKey, limit = 100) =>
    (await state().load(ws, [], [{ centre, limit }])).shelves.get(centre)!;

  test('a parked leaf leads to its centre, wherever that goes, and has its evidence beside it', async () => {
    const ws = workspace();
    await state().commit(ws, [
      commitOf('a', 0, { point: [CENTRE], ...parking(CENTRE, 'anonymous_id:x', 5, '^3 x|\0é') }),
      commitOf('b', 0, {
        absorb: ['a'],
        expect: new Map([
          ['b', 0],
          ['a', 1],
        ]),
        point: [CENTRE],
      }),
    ]);
    for (const asked of [['anonymous_id:x'], ['anonymous_id:x', CENTRE], [CENTRE, 'anonymous_id:x']]) {
      const loaded = await state().load(ws, [...asked, 'anonymous_id:y']);
      expect(loaded.pointers).toEqual(new Map(asked.map((key) => [key, 'b'])));
      expect(loaded.parked).toEqual(new Map([['anonymous_id:x', { centre: CENTRE, text: '^3 x|\0é' }]]));
      expect([...loaded.components.values()]).toEqual([{ id: 'b', version: 1, fields: new Map([['f', '1']]) }]);
    }
    expect(await state().load(workspace(), ['anonymous_id:x'])).toMatchObject({ parked: NOTHING, pointers: NOTHING });
    const taken = [commitOf('c', 0, { absent: ['anonymous_id:x'] }), commitOf('c', 0, { absent: ['anonymous_id:y'] })];
    expect(await state().commit(ws, taken)).toEqual([false, true]);
  });

  test('evidence of a parked leaf is replaced; a leaf that is pointed to is parked no more', async () => {
    const ws = workspace();
    await state().commit(ws, [
      commitOf('a', 0, { point: [CENTRE], ...parking(CENTRE, 'x:1', 5, 'old') }),
      commitOf('a', 1, { park: new Map([['x:1', { centre: CENTRE, text: 'new' }]]) }),
    ]);
    expect((await state().load(ws, ['x:1'])).parked.get('x:1')?.text).toBe('new');
    expect(await shelf(ws, CENTRE)).toEqual({ entries: [{ leaf: 'x:1', rank: 5, text: 'new' }], size: 1 });
    await state().commit(ws, [
      commitOf('a', 2, { point: ['x:1'], shelve: [{ centre: CENTRE, leaf: 'x:1', rank: null }] }),
    ]);
    const loaded = await state().load(ws, ['x:1']);
    expect([loaded.parked.size, loaded.pointers.get('x:1')]).toEqual([0, 'a']);
    expect(await shelf(ws, CENTRE)).toEqual({ entries: [], size: 0 });
    await state().commit(ws, [commitOf('a', 3, parking(CENTRE, 'x:1', 6, 'again'))]);
    expect((await state().load(ws, ['x:1'])).parked.get('x:1')?.text).toBe('again');
  });

  test('entries without evidence are leaves that live elsewhere: in a component, on another centre, or nowhere', async () => {
    const ws = workspace();
    const leaves = ['x:component', 'x:elsewhere', 'x:here', 'x:nowhere'];
    await state().commit(ws, [
      commitOf('a', 0, {
        point: ['x:component'],
        park: new Map([
          ['x:elsewhere', { centre: 'user_id:2', text: 'e' }],
          ['x:here', { centre: 'user_id:1', text: '' }],
        ]),
        shelve: leaves.map((leaf) => ({ centre: 'user_id:1', leaf, rank: 1 })),
      }),
    ]);
    const { entries, size } = await shelf(ws, 'user_id:1');
    expect(entries.map(({ leaf, text }) => [leaf, text])).toEqual(leaves.map((l) => [l, l === 'x:here' ? '' : null]));
    expect(size).toBe(4);
    // A centre that nobody knows, or that is itself parked, leads nowhere: the leaf is parked all the same.
    const parked = { centre: 'x:here', text: 'deep' };
    await state().commit(ws, [commitOf('a', 1, { park: new Map([['x:deep', parked]]) })]);
    const loaded = await state().load(ws, ['x:elsewhere', 'x:here', 'x:deep']);
    expect([loaded.pointers, loaded.components]).toEqual([NOTHING, NOTHING]);
    expect(loaded.parked.get('x:deep')).toEqual(parked);
    expect(loaded.parked.size).toBe(3);
  });

  test('a shelf is in the order of rank, then of the bytes of the leaf, and is given up to a limit with its whole size', async () => {
    const ws = workspace();
    // UTF-16 would put the emoji before the ligature
    const ties = ['x:B', 'x:a', 'x:a\0', 'x:a ', 'x:é', 'x:\ufb01', 'x:\u{1f600}'];
    const early = { leaf: 'z:early', rank: -3 };
    const late = [
      { leaf: 'a:late', rank: 1_764_000_000_000_001 },
      { leaf: 'a:later', rank: 1_764_000_000_000_002 },
      { leaf: 'a:last', rank: Number.MAX_SAFE_INTEGER },
    ];
    const expected = [early, ...ties.map((leaf) => ({ leaf, rank: 7 })), ...late];
    const shelve = expected.toReversed().map((entry) => ({ centre: CENTRE, ...entry }));
    await state().commit(ws, [commitOf('a', 0, { shelve })]);
    const all = await shelf(ws, CENTRE);
    expect(all.entries.map(({ leaf, rank }) => ({ leaf, rank }))).toEqual(expected);
    expect(all.size).toBe(expected.length);
    for (const limit of [0, 1, 5, 11, 12]) {
      const part = await shelf(ws, CENTRE, limit);
      expect(part).toEqual({ entries: all.entries.slice(0, limit), size: expected.length });
    }
    expect(await shelf(workspace(), CENTRE)).toEqual({ entries: [], size: 0 });
  });

  test('a leaf is on a shelf once: its last word counts, and what was never there can be taken off', async () => {
    const ws = workspace();
    const at = (leaf: string, rank: number | null, centre = CENTRE) => ({ centre, leaf, rank });
    await state().commit(ws, [
      commitOf('a', 0, { shelve: [at('x:1', 9), at('x:2', 5), at('x:1', 3), at('x:3', 1), at('x:3', null)] }),
      commitOf('a', 1, { shelve: [at('x:9', null), at('x:1', null, 'user_id:other'), at('x:2', 1), at('x:4', 4)] }),
      commitOf('a', 2, { shelve: [at('x:4', null), at('x:4', 8), at('x:1', 7, 'user_id:other')] }),
    ]);
    const { entries, size } = await shelf(ws, CENTRE);
    expect(entries.map(({ leaf, rank }) => [leaf, rank])).toEqual([
      ['x:2', 1],
      ['x:1', 3],
      ['x:4', 8],
    ]);
    expect(size).toBe(3);
    expect((await shelf(ws, 'user_id:other')).entries).toEqual([{ leaf: 'x:1', rank: 7, text: null }]);
  });

  test('a forgotten identifier is unknown, its shelf is gone, and others are not touched', async () => {
    const ws = workspace();
    await state().commit(ws, [
      commitOf('a', 0, { point: [CENTRE, 'user_id:2'], ...parking(CENTRE, 'x:1', 1, 'one') }),
      commitOf('a', 1, parking(CENTRE, 'x:2', 2, 'two')),
      commitOf('a', 2, parking('user_id:2', 'x:3', 3, 'three')),
      commitOf('a', 3, { forget: [CENTRE, 'x:2', 'x:never'] }),
    ]);
    const loaded = await state().load(ws, [CENTRE, 'user_id:2', 'x:1', 'x:2', 'x:3']);
    expect([...loaded.pointers.keys()]).toEqual(['user_id:2', 'x:3']);
    expect([...loaded.parked.keys()]).toEqual(['x:1', 'x:3']);
    expect(await shelf(ws, CENTRE)).toEqual({ entries: [], size: 0 });
    expect((await shelf(ws, 'user_id:2')).size).toBe(1);
    expect(await state().commit(ws, [commitOf('b', 0, { absent: [CENTRE, 'x:2'] })])).toEqual([true]);
  });

  test('tens of thousands of leaves are parked, shelved and taken off whole', async () => {
    const ws = workspace();
    const leaves = Array.from({ length: 20_000 }, (_, n) => `anonymous_id:${n}`);
    const park = new Map(leaves.map((leaf) => [leaf, { centre: CENTRE, text: leaf }]));
    const shelve = leaves.map((leaf, rank) => ({ centre: CENTRE, leaf, rank }));
    await state().commit(ws, [commitOf('a', 0, { point: [CENTRE], park, shelve })]);
    const { entries, size } = await shelf(ws, CENTRE, 30_000);
    expect(size).toBe(20_000);
    expect(entries).toEqual(leaves.map((leaf, rank) => ({ leaf, rank, text: leaf })));
    expect((await state().load(ws, leaves)).parked).toEqual(park);
    const off = shelve.slice(0, 15_000).map((entry) => ({ ...entry, rank: null }));
    await state().commit(ws, [commitOf('a', 1, { shelve: off, forget: leaves.slice(0, 15_000) })]);
    expect((await shelf(ws, CENTRE, 1)).entries).toEqual([
      { leaf: leaves[15_000], rank: 15_000, text: leaves[15_000] },
    ]);
    expect((await shelf(ws, CENTRE, 1)).size).toBe(5_000);
  });
}
