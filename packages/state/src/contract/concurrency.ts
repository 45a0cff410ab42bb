import { expect, test } from 'vitest';
import { commitOf, openPlace } from './place.ts';
import { SHARED_KEYS, STEPS_A_WORKER } from './roles.ts';
import { nextLine, spawnChild } from './spawn.ts';
import type { Bench } from './suite.ts';

const WORKERS = 8;

export function concurrencyPromises({ state, place, workspace }: Bench): void {
  test('eight processes that race on shared components, creating and joining them, lose no update', async () => {
    const ws = workspace();
    const children = Array.from({ length: WORKERS }, (_, n) => spawnChild('race', place(), ws, n));
    const lost = await Promise.all(children.map(nextLine));
    const { pointers, components } = await state().load(ws, SHARED_KEYS);
    const sum = [...components.values()].reduce((total, { fields }) => total + Number(fields.get('count')), 0);
    expect(sum).toBe(WORKERS * STEPS_A_WORKER);
    for (const [key, id] of pointers) expect(components.get(id)?.fields.has(`has|${key}`)).toBe(true);
    // One message for each addition that went through, none for one that lost its race.
    const marks = new Set<string>();
    let sent = 0;
    while (sent < sum) {
      const relayed = await state().relay(ws, 'h', 1_000, async (messages) => {
        for (const { value } of messages) marks.add(Buffer.from(value).toString());
      });
      sent += relayed.sent;
    }
    expect(sent).toBe(sum);
    expect(marks.size).toBe(sum);
    // Otherwise nothing was shown: there must have been races to lose.
    expect(lost.some((line) => line !== 'done 0')).toBe(true);
  });

  test('a reader never finds an identifier whose component was joined away under its eyes', async () => {
    const ws = workspace();
    const set = new Map([['f', '1']]);
    await state().commit(ws, [commitOf('c-0', 0, { point: ['email:moving'], set })]);
    const reader = await openPlace(place());
    let reading = true;
    const move = async () => {
      for (let n = 0; reading; n += 1) {
        const expected = new Map([
          [`c-${n + 1}`, 0],
          [`c-${n}`, 1],
        ]);
        const join = commitOf(`c-${n + 1}`, 0, { expect: expected, absorb: [`c-${n}`], point: ['email:moving'] });
        expect(await state().commit(ws, [join])).toEqual([true]);
        await new Promise(setImmediate);
      }
    };
    const moving = move();
    try {
      for (let n = 0; n < 300; n += 1) {
        const { pointers, components } = await reader.load(ws, ['email:moving']);
        const id = pointers.get('email:moving')!;
        expect([...components.values()]).toEqual([{ id, version: 1, fields: set }]);
      }
    } finally {
      reading = false;
      await moving;
    }
    await reader.close();
  });

  test('what was acknowledged before a kill −9 is there afterwards', async () => {
    const ws = workspace();
    const child = spawnChild('commitForever', place(), ws);
    let last = -1;
    while (last < 50) last = Number(await nextLine(child));
    const rest = await child.kill();
    last = Number(rest.at(-1) ?? last);
    const other = await openPlace(place());
    const { pointers, components } = await other.load(
      ws,
      Array.from({ length: last + 1 }, (_, n) => `user_id:${n}`),
    );
    expect(pointers.size).toBe(last + 1);
    for (let n = 0; n <= last; n += 1) expect(components.get(`c-${n}`)?.fields.get('n')).toBe(String(n));
    expect((await other.processed([ws], [0]))[0]?.offset).toBeGreaterThan(last);
    await other.close();
  });
}
