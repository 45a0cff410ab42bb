import { expect, test } from 'vitest';
import { countField, JUGGLED_KEYS } from './juggle.ts';
import { commitOf, openPlace } from './place.ts';
import { SHARED_KEYS, STEPS_A_WORKER } from './roles.ts';
import { nextLine, raceOf, spawnChild } from './spawn.ts';
import type { Bench } from './suite.ts';

const WORKERS = 8;
const JUGGLERS = 4;

export function concurrencyPromises({ state, place, workspace }: Bench): void {
  test('eight processes that race on shared components, creating and joining them, lose no update', async () => {
    const ws = workspace();
    const lost = await raceOf(WORKERS, 'race', place(), ws);
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

  test('processes that park, detach and join identifiers, and park them no more, lose none and no count of it', async () => {
    const ws = workspace();
    const lines = await raceOf(JUGGLERS, 'juggle', place(), ws);
    const results: { added: Record<string, number>; lost: number }[] = lines.map((line) => JSON.parse(line));
    const shelves = JUGGLED_KEYS.map((centre) => ({ centre, limit: 10 }));
    const loaded = await state().load(ws, JUGGLED_KEYS, shelves);
    for (const key of JUGGLED_KEYS) {
      const component = loaded.components.get(loaded.pointers.get(key)!)!;
      const field = component.fields.get(countField(key));
      const leaf = loaded.parked.get(key);
      // It is in one place
      expect([key, leaf === undefined]).toEqual([key, field !== undefined]);
      const added = results.reduce((sum, one) => sum + one.added[key]!, 0);
      expect([key, Number(leaf?.text ?? field)]).toEqual([key, added]);
    }
    const shelved = [...loaded.shelves].flatMap(([centre, { entries }]) =>
      entries.map(({ leaf, text }) => [leaf, { centre, text }] as const),
    );
    expect(new Map(shelved)).toEqual(loaded.parked);
    expect(results.some(({ lost }) => lost > 0)).toBe(true);
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
