import { expect, test } from 'vitest';
import { commitOf } from './place.ts';
import type { Bench } from './suite.ts';

export function componentPromises({ state, workspace }: Bench): void {
  const fields = async (ws: string, key: string) => {
    const { pointers, components } = await state().load(ws, [key]);
    return components.get(pointers.get(key) ?? '');
  };

  test('what is committed is loaded, and an unknown identifier is simply not there', async () => {
    const ws = workspace();
    const before = Date.now() * 1_000;
    await state().commit(ws, [commitOf('a', 0, { set: new Map([['f', '1']]), point: ['email:a', 'email:b'] })]);
    const loaded = await state().load(ws, ['email:a', 'email:b', 'email:c', 'email:a']);
    expect(loaded.now).toBeGreaterThanOrEqual(before);
    expect(loaded.pointers).toEqual(
      new Map([
        ['email:a', 'a'],
        ['email:b', 'a'],
      ]),
    );
    expect(loaded.components).toEqual(new Map([['a', { id: 'a', version: 1, fields: new Map([['f', '1']]) }]]));
    expect((await state().load(ws, [])).pointers.size).toBe(0);
    expect((await state().load(workspace(), ['email:a'])).pointers.size).toBe(0);
  });

  test('a commit that lost its race undoes none of its neighbours', async () => {
    const ws = workspace();
    const set = new Map([['f', 'new']]);
    await state().commit(ws, [commitOf('b', 0, { point: ['email:b'], set: new Map([['f', 'old']]) })]);
    const answer = await state().commit(ws, [
      commitOf('a', 0, { point: ['email:a'], set }),
      commitOf('b', 0, { set, unset: ['f'], point: ['email:x'], issued: new Map([['p', 'email:b']]) }),
      commitOf('b', 2, { set }),
      commitOf('c', 0, { point: ['email:c'], set }),
      commitOf('c', 1, { set: new Map([['g', 'second']]) }),
    ]);
    expect(answer).toEqual([true, false, false, true, true]);
    expect(await fields(ws, 'email:b')).toEqual({ id: 'b', version: 1, fields: new Map([['f', 'old']]) });
    expect(await fields(ws, 'email:x')).toBeUndefined();
    expect(await state().anchor(ws, 'p')).toBeNull();
    expect((await fields(ws, 'email:c'))?.version).toBe(2);
  });

  test('version 0 means that the component must not exist, absent that the identifier must point nowhere', async () => {
    const ws = workspace();
    await state().commit(ws, [commitOf('a', 0, { point: ['email:a'] })]);
    const answer = await state().commit(ws, [
      commitOf('a', 0),
      commitOf('b', 0, { absent: ['email:new', 'email:a'], point: ['email:a'] }),
      commitOf('b', 0, { absent: ['email:new'], point: ['email:new'] }),
      commitOf('c', 0, {
        expect: new Map([
          ['c', 0],
          ['b', 2],
        ]),
      }),
    ]);
    expect(answer).toEqual([false, false, true, false]);
  });

  test('absorbed components give all their fields to the target and are gone', async () => {
    const ws = workspace();
    await state().commit(ws, [
      commitOf('a', 0, {
        point: ['email:a'],
        set: new Map([
          ['only a', '1'],
          ['both', 'a'],
          ['dropped', 'x'],
        ]),
      }),
      commitOf('b', 0, {
        point: ['email:b'],
        set: new Map([
          ['only b', '2'],
          ['both', 'b'],
          ['gone', 'x'],
        ]),
      }),
      commitOf('c', 0, { point: ['email:c'], set: new Map([['both', 'c']]) }),
    ]);
    const join = commitOf('a', 1, {
      expect: new Map([
        ['a', 1],
        ['b', 1],
        ['c', 1],
      ]),
      absorb: ['b', 'c'],
      unset: ['dropped', 'gone', 'never there'],
      set: new Map([['new', '3']]),
      point: ['email:b', 'email:c'],
    });
    expect(await state().commit(ws, [join, join])).toEqual([true, false]);
    const { pointers, components } = await state().load(ws, ['email:a', 'email:b', 'email:c']);
    expect([...pointers.values()]).toEqual(['a', 'a', 'a']);
    const expected = new Map([
      ['only a', '1'],
      ['both', 'c'],
      ['only b', '2'],
      ['new', '3'],
    ]);
    expect([...components.values()]).toEqual([{ id: 'a', version: 2, fields: expected }]);
    expect(await state().commit(ws, [commitOf('b', 0)])).toEqual([true]);
  });

  test('a profile id keeps the anchor that it was first issued for', async () => {
    const ws = workspace();
    await state().commit(ws, [
      commitOf('a', 0, {
        issued: new Map([
          ['p', 'email:a'],
          ['q', 'email:q'],
        ]),
      }),
    ]);
    await state().commit(ws, [commitOf('a', 1, { issued: new Map([['p', 'email:b']]) })]);
    expect(await state().anchor(ws, 'p')).toBe('email:a');
    expect(await state().anchor(ws, 'q')).toBe('email:q');
    expect(await state().anchor(ws, 'never')).toBeNull();
    expect(await state().anchor(workspace(), 'p')).toBeNull();
  });

  test('components of tens of thousands of fields and pointers move whole', async () => {
    const ws = workspace();
    const keys = Array.from({ length: 10_000 }, (_, n) => `anonymous_id:${n}`);
    const set = new Map(Array.from({ length: 20_000 }, (_, n) => [`f-${n}`, `v-${n}`]));
    await state().commit(ws, [
      commitOf('big', 0, { set, point: keys }),
      commitOf('small', 0, { set: new Map([['f-0', 'x']]) }),
    ]);
    const expected = new Map([
      ['small', 1],
      ['big', 1],
    ]);
    const unset = Array.from({ length: 9_000 }, (_, n) => `f-${n}`);
    const join = commitOf('small', 1, { expect: expected, absorb: ['big'], point: keys, unset, set: new Map() });
    expect(await state().commit(ws, [join])).toEqual([true]);
    const { pointers, components } = await state().load(ws, keys);
    expect(new Set(pointers.values())).toEqual(new Set(['small']));
    expect(pointers.size).toBe(10_000);
    expect(components.get('small')?.fields.size).toBe(11_000);
    expect(components.get('small')?.fields.get('f-19999')).toBe('v-19999');
  });

  test('a commit that no store could apply safely is refused as a bug, and nothing of the call is applied', async () => {
    const ws = workspace();
    const good = commitOf('a', 0, { point: ['email:a'] });
    const wrong = [
      commitOf('a', 0, { expect: new Map() }),
      commitOf('a', 0, { absorb: ['b'] }),
      commitOf('a', 0, { absorb: ['a'] }),
      commitOf('a', 0, { set: new Map([['', 'x']]) }),
      commitOf('a', 0, { unset: [''] }),
      commitOf('', 0),
      commitOf('^a', 0),
      commitOf('a', 0, { unchanged: [{ component: 'a', field: '', text: '1' }] }),
      commitOf('a', 0, { detach: [{ id: 'a', fields: ['f'], point: [] }] }),
      commitOf('a', 0, { detach: [{ id: '^', fields: ['f'], point: [] }] }),
      commitOf('a', 0, { detach: [{ id: 'b', fields: [''], point: [] }] }),
      commitOf('a', 0, { detach: ['b', 'b'].map((id) => ({ id, fields: ['f'], point: [] })) }),
      commitOf('a', 0, { park: new Map([['email:a', { centre: 'email:a', text: '' }]]) }),
      commitOf('a', 0, { shelve: [{ centre: 'email:a', leaf: 'email:b', rank: 0.5 }] }),
    ];
    for (const bad of wrong) await expect(state().commit(ws, [good, bad])).rejects.toThrow(TypeError);
    expect((await state().load(ws, ['email:a'])).pointers.size).toBe(0);
    for (const limit of [-1, 0.5, Number.POSITIVE_INFINITY])
      await expect(state().load(ws, [], [{ centre: 'email:a', limit }])).rejects.toThrow(TypeError);
  });
}
