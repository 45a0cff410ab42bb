import type { ComponentCommit, ComponentSnapshot, IdentityState, LoadedState } from '@kenal/contracts';
import { commitOf } from './place.ts';

export const JUGGLED_KEYS = Array.from({ length: 7 }, (_, n) => `user_id:juggled-${n}`);
const JUGGLES_A_WORKER = 200;

/** Where the count of an identifier stands while it is in a component; parked, it is its text. */
export const countField = (key: string) => `n|${key}`;

interface Step {
  readonly loaded: LoadedState;
  readonly key: string;
  readonly other: string;
  /** An id that nobody used. */
  readonly fresh: string;
  /** The component of `key`. */
  readonly own: ComponentSnapshot;
  /** The new count of `key`. */
  readonly count: string;
}

/** Change of place of one identifier that also adds 1 to its count; null where it cannot be done as things stand. */
type Move = (step: Step) => ComponentCommit | null;

const keysIn = ({ fields }: ComponentSnapshot) => JUGGLED_KEYS.filter((key) => fields.has(countField(key)));

const touch: Move = ({ loaded, own, key, count }) => {
  const leaf = loaded.parked.get(key);
  if (leaf) return commitOf(own.id, own.version, { set: new Map(), park: new Map([[key, { ...leaf, text: count }]]) });
  return commitOf(own.id, own.version, { set: new Map([[countField(key), count]]) });
};

const join: Move = ({ loaded, own, key, other, count }) => {
  const id = loaded.pointers.get(other);
  if (id === undefined || id === own.id || loaded.parked.has(key) || loaded.parked.has(other)) return null;
  const joined = loaded.components.get(id)!;
  return commitOf(own.id, own.version, {
    expect: new Map([own, joined].map(({ id, version }) => [id, version])),
    absorb: [id],
    set: new Map([[countField(key), count]]),
    point: keysIn(joined),
  });
};

const detach: Move = ({ loaded, own, key, count, fresh }) => {
  if (loaded.parked.has(key) || keysIn(own).length < 2) return null;
  const field = countField(key);
  const piece = { id: fresh, fields: [field], point: [key] };
  return commitOf(own.id, own.version, { set: new Map([[field, count]]), detach: [piece] });
};

const park: Move = ({ loaded, own, key, other, count }) => {
  if (loaded.parked.has(key) || loaded.parked.has(other) || loaded.shelves.get(key)!.size > 0) return null;
  if (key === other || loaded.pointers.get(other) !== own.id) return null;
  return commitOf(own.id, own.version, {
    set: new Map(),
    unset: [countField(key)],
    park: new Map([[key, { centre: other, text: count }]]),
    shelve: [{ centre: other, leaf: key, rank: Number(count) }],
  });
};

const unpark: Move = ({ loaded, own, key, count }) => {
  const leaf = loaded.parked.get(key);
  if (!leaf) return null;
  return commitOf(own.id, own.version, {
    set: new Map([[countField(key), count]]),
    point: [key],
    shelve: [{ centre: leaf.centre, leaf: key, rank: null }],
  });
};

const MOVES = [touch, join, detach, park, unpark];

/**
 * Move identifiers between components and shelves, adding 1 to the count of each that is moved, until so many moves went
 * through. Begins with the first byte on standard input, so that no worker is done before the others have started.
 * Prints the additions to each identifier and the races lost.
 */
export async function juggle(
  state: IdentityState,
  workspace: string,
  worker: number,
  print: (line: string) => void,
): Promise<void> {
  let seed = worker + 1;
  const pick = <T>(list: readonly T[]): T => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return list[Math.floor((seed / 2_147_483_648) * list.length)]!;
  };
  const added = Object.fromEntries(JUGGLED_KEYS.map((key) => [key, 0]));
  let lost = 0;
  for (let done = 0, tried = 0; done < JUGGLES_A_WORKER; tried += 1) {
    const [key, other, move] = [pick(JUGGLED_KEYS), pick(JUGGLED_KEYS), pick(MOVES)];
    const loaded = await state.load(workspace, [key, other], [{ centre: key, limit: 0 }]);
    const commit = moved(loaded, move, key, other, `c-${worker}-${tried}`);
    if (commit === null) continue;
    const [applied] = await state.commit(workspace, [commit]);
    if (!applied) {
      lost += 1;
      continue;
    }
    done += 1;
    added[key]! += 1;
  }
  print(JSON.stringify({ added, lost }));
}

function moved(loaded: LoadedState, move: Move, key: string, other: string, fresh: string): ComponentCommit | null {
  const id = loaded.pointers.get(key);
  const field = countField(key);
  if (id === undefined) return commitOf(fresh, 0, { absent: [key], point: [key], set: new Map([[field, '1']]) });
  const own = loaded.components.get(id)!;
  const count = Number(loaded.parked.get(key)?.text ?? own.fields.get(field) ?? 0) + 1;
  return move({ loaded, key, other, fresh, own, count: String(count) });
}
