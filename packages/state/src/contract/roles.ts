import { once } from 'node:events';
import type { ComponentCommit, IdentityState } from '@kenal/contracts';
import { juggle } from './juggle.ts';
import { commitOf } from './place.ts';

type Print = (line: string) => void;
type Role = (state: IdentityState, workspace: string, number: number, print: Print) => Promise<void>;

export const SHARED_KEYS = Array.from({ length: 6 }, (_, n) => `user_id:shared-${n}`);
export const STEPS_A_WORKER = 60;

/** Add 1 to the counter of a shared component, or join two of them with the sum, until so many additions went through. */
async function race(state: IdentityState, workspace: string, worker: number, print: Print): Promise<void> {
  let seed = worker + 1;
  const pick = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return SHARED_KEYS[Math.floor((seed / 2_147_483_648) * SHARED_KEYS.length)]!;
  };
  let lost = 0;
  for (let done = 0; done < STEPS_A_WORKER; ) {
    const pair = [...new Set([pick(), pick()])];
    const [applied] = await state.commit(workspace, [await addOne(state, workspace, pair, `${worker}-${done}`)]);
    if (applied) done += 1;
    else lost += 1;
  }
  print(`done ${lost}`);
}

/** Components of both identifiers become one, whose counter is the sum + 1; each addition leaves one message. */
async function addOne(state: IdentityState, workspace: string, keys: string[], mark: string): Promise<ComponentCommit> {
  const { pointers, components } = await state.load(workspace, keys);
  const ids = [...new Set(pointers.values())];
  const target = ids[0] ?? `c-${mark}`;
  const sum = ids.reduce((total, id) => total + Number(components.get(id)?.fields.get('count') ?? 0), 0);
  const moved = SHARED_KEYS.filter((key) => ids.some((id) => components.get(id)?.fields.has(`has|${key}`)));
  return commitOf(target, 0, {
    expect: new Map([[target, 0], ...ids.map((id) => [id, components.get(id)?.version ?? 0] as const)]),
    absent: keys.filter((key) => !pointers.has(key)),
    absorb: ids.slice(1),
    set: new Map([['count', String(sum + 1)], ...keys.map((key) => [`has|${key}`, '1'] as const)]),
    point: [...new Set([...keys, ...moved])],
    outbox: [{ key: target, value: Buffer.from(mark) }],
  });
}

/** Commit one component after the other, printing each number once it is acknowledged. */
async function commitForever(state: IdentityState, workspace: string, _: number, print: Print): Promise<void> {
  for (let n = 0; ; n += 1) {
    await state.commit(workspace, [
      commitOf(`c-${n}`, 0, { point: [`user_id:${n}`], set: new Map([['n', String(n)]]) }),
    ]);
    await state.advance([{ workspace, partition: 0, offset: n + 1 }]);
    print(String(n));
    await new Promise(setImmediate); // lets the line out
  }
}

/** Take the outbox and hold it: until killed, or until a byte comes in on standard input. */
async function holdRelay(state: IdentityState, workspace: string, limit: number, print: Print): Promise<void> {
  await state.relay(workspace, 'holder', limit, async (messages) => {
    print(`sending ${messages.map(({ value }) => Buffer.from(value).toString()).join(',')}`);
    await once(process.stdin, 'data');
  });
  print('relayed');
  process.stdin.destroy();
}

/** Says that it is there and waits for a byte: workers that are started one after the other would race with nobody. */
function together(role: Role): Role {
  return async (state, workspace, number, print) => {
    print('ready');
    await once(process.stdin, 'data');
    process.stdin.destroy();
    await role(state, workspace, number, print);
  };
}

export const roles: Readonly<Record<string, Role>> = {
  race: together(race),
  juggle: together(juggle),
  commitForever,
  holdRelay,
};
