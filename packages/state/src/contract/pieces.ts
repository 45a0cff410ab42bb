import { expect, test } from 'vitest';
import { commitOf } from './place.ts';
import type { Bench } from './suite.ts';

export function piecePromises({ state, workspace }: Bench): void {
  const read = async (ws: string, ...keys: string[]) => {
    const { pointers, components } = await state().load(ws, keys);
    return keys.map((key) => {
      const id = pointers.get(key);
      const found = id === undefined ? undefined : components.get(id);
      return found && [id, found.version, Object.fromEntries(found.fields)];
    });
  };

  test('a piece takes its fields and identifiers along, after all else was moved and set', async () => {
    const ws = workspace();
    const old = [commitOf('a', 0, { set: new Map([['a', '1']]), point: ['x:a', 'x:leaf'] }), commitOf('b', 0)];
    await state().commit(ws, old);
    const split = commitOf('a', 1, {
      expect: new Map([
        ['a', 1],
        ['b', 1],
      ]),
      absorb: ['b'],
      set: new Map([
        ['new', '2'],
        ['kept', '3'],
      ]),
      point: ['x:b', 'x:new'],
      park: new Map([['x:leaf', { centre: 'x:new', text: 'l' }]]),
      detach: [
        { id: 'p', fields: ['f', 'never there'], point: ['x:b'] },
        { id: 'q', fields: ['new', 'f'], point: ['x:new', 'x:more'] },
      ],
    });
    expect(await state().commit(ws, [split])).toEqual([true]);
    const q = ['q', 1, { new: '2' }];
    expect(await read(ws, 'x:a', 'x:b', 'x:new', 'x:more')).toEqual([
      ['a', 2, { a: '1', kept: '3' }],
      ['p', 1, { f: '1' }],
      q,
      q,
    ]);
    expect(await read(ws, 'x:leaf')).toEqual([q]); // it goes where its centre goes
    expect(await state().commit(ws, [commitOf('p', 1), commitOf('q', 1)])).toEqual([true, true]);
  });

  test('pieces of thousands of fields move whole', async () => {
    const ws = workspace();
    const names = Array.from({ length: 15_000 }, (_, n) => `f-${n}`);
    const keys = names.slice(0, 9_000).map((name) => `x:${name}`);
    await state().commit(ws, [commitOf('a', 0, { set: new Map(names.map((name) => [name, name])), point: keys })]);
    const piece = { id: 'p', fields: names.slice(0, 10_001), point: keys };
    await state().commit(ws, [commitOf('a', 1, { set: new Map(), detach: [piece], point: ['x:rest'] })]);
    const { pointers, components } = await state().load(ws, [...keys, 'x:rest']);
    expect(keys.every((key) => pointers.get(key) === 'p')).toBe(true);
    expect(components.get('p')?.fields).toEqual(new Map(piece.fields.map((name) => [name, name])));
    expect([...components.get('a')!.fields.keys()].sort()).toEqual(names.slice(10_001).sort());
  });

  test('a component or a piece without fields is not there', async () => {
    const ws = workspace();
    const none = new Map();
    await state().commit(ws, [
      commitOf('unset', 0, { point: ['x:unset'] }),
      commitOf('unset', 1, { unset: ['f'], set: none, recall: ['p'] }),
      commitOf('given', 0, { point: ['x:given'], detach: [{ id: 'all', fields: ['f'], point: ['x:all'] }] }),
      commitOf('never', 0, { set: none, point: ['x:never'], park: new Map([['x:1', { centre: 'x:2', text: 't' }]]) }),
      commitOf('whole', 0, { point: ['x:whole'], detach: [{ id: 'nothing', fields: ['g'], point: ['x:nothing'] }] }),
    ]);
    const gone = ['unset', 'given', 'never', 'nothing'];
    expect(await read(ws, ...gone.map((id) => `x:${id}`))).toEqual(gone.map((id) => [id, 0, {}]));
    expect(await read(ws, 'x:all', 'x:whole')).toEqual([
      ['all', 1, { f: '1' }],
      ['whole', 1, { f: '1' }],
    ]);
    expect((await state().load(ws, ['x:1'])).parked.size).toBe(1);
    expect(
      await state().commit(
        ws,
        gone.map((id) => commitOf(id, 0)),
      ),
    ).toEqual(gone.map(() => true));
  });

  test('a piece is not laid over a component that is there', async () => {
    const ws = workspace();
    await state().commit(ws, [commitOf('a', 0, { point: ['x:a'] }), commitOf('b', 0, { point: ['x:b'] })]);
    const onto = (id: string) => commitOf('a', 1, { detach: [{ id, fields: ['f'], point: ['x:a'] }] });
    expect(await state().commit(ws, [onto('b'), onto('c')])).toEqual([false, true]);
    expect(await read(ws, 'x:a', 'x:b')).toEqual([
      ['c', 1, { f: '1' }],
      ['b', 1, { f: '1' }],
    ]);
  });

  test('a recalled profile id leads nowhere, may be issued again, and only that one', async () => {
    const ws = workspace();
    const issued = new Map(['p', 'q', 'r'].map((id) => [id, `x:${id}`]));
    await state().commit(ws, [
      commitOf('a', 0, { issued, recall: ['r'] }),
      commitOf('a', 1, { recall: ['p', 'never'] }),
    ]);
    const anchors = () => Promise.all(['p', 'q', 'r'].map((id) => state().anchor(ws, id)));
    expect(await anchors()).toEqual([null, 'x:q', null]);
    await state().commit(ws, [commitOf('a', 2, { issued: new Map([['p', 'x:new']]) })]);
    expect(await anchors()).toEqual(['x:new', 'x:q', null]);
  });
}
