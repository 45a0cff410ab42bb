import { type ComponentCommit, DIRECTIVES_PARTITION, type LoadedState } from '@kenal/contracts';
import fc from 'fast-check';

const IDS = ['c-0', 'c-1', 'c-2', 'c-3'];
export const KEYS = ['user_id:0', 'email:é@ü.x', 'phone:+1', 'device_id:a:b', 'anonymous_id:\u{1f600}', 'x:{}'];
export const PROFILES = ['p-0', 'p-1'];
export const PARTITIONS = [0, 1, DIRECTIVES_PARTITION];

const id = fc.constantFrom(...IDS);
const key = fc.constantFrom(...KEYS);
const name = fc.constantFrom('o|a|b', 't|é', '|', '\0', ' ', '0');
const value = fc.string({ unit: 'grapheme', maxLength: 8 });
const message = fc.record({ key: value, value: fc.uint8Array({ maxLength: 6 }) });
/** Added to what the model has: mostly right, now and then one off. */
const guess = fc.constantFrom(0, 0, 0, 0, 0, 1, -1);
const isWrong = fc.constantFrom(false, false, false, false, true);
const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });

/** What most commits do not have, and what they rely on. */
const rare = fc.record({
  unchanged: fc.array(fc.record({ component: id, field: name, isWrong }), { maxLength: 1 }),
  shelfSizes: fc.array(fc.tuple(key, guess), { maxLength: 1 }),
  detach: fc.array(fc.record({ id, fields: fc.array(name, { maxLength: 4 }), point: fc.subarray(KEYS) }), {
    maxLength: 2,
  }),
  park: few(fc.tuple(key, fc.record({ centre: key, text: value }))),
  shelve: few(
    fc.record({ centre: key, leaf: key, rank: fc.constantFrom(null, 0, 1, -5, 1_764_000_000_000_001, 2 ** 53 - 1) }),
  ),
  forget: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.subarray(KEYS, { maxLength: 2 })),
  recall: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.subarray(PROFILES)),
});

const draft = fc.record({
  target: id,
  absorb: fc.subarray(IDS, { maxLength: 2 }),
  guess,
  absent: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(KEYS, { maxLength: 1 })),
  set: fc.array(fc.tuple(name, value), { maxLength: 4 }),
  unset: fc.array(name, { maxLength: 2 }),
  point: fc.subarray(KEYS),
  issued: fc.array(fc.tuple(fc.constantFrom(...PROFILES), key), { maxLength: 2 }),
  outbox: fc.array(message, { maxLength: 2 }),
  rare: fc.option(rare),
});
export type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

export const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      drafts: fc.array(draft, { maxLength: 3 }),
      fence: fc.constantFrom(null, null, 0, 0, 1, -1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('relay' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      partition: fc.constantFrom(...PARTITIONS),
      offset: fc.integer({ min: 0, max: 9 }),
    }),
  },
);
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** What a draft is completed from: everything that the model has before the call. */
export interface Standing extends LoadedState {
  /** Components by id, those that nothing points to among them. */
  readonly all: LoadedState['components'];
}

/** A commit that no store refuses as a bug, and that mostly relies on what is so. */
export function complete({ target, absorb, guess, rare: extra, ...rest }: Draft, now: Standing): ComponentCommit {
  const joined = absorb.filter((one) => one !== target);
  const expect = new Map([target, ...joined].map((one) => [one, now.all.get(one)?.version ?? 0]));
  expect.set(target, Math.max(0, expect.get(target)! + guess));
  const commit = { ...rest, target, absorb: joined, expect, set: new Map(rest.set), issued: new Map(rest.issued) };
  if (extra === null) return commit;
  const taken = new Set(expect.keys());
  return {
    ...commit,
    unchanged: extra.unchanged.map(({ component, field, isWrong: other }) => {
      const text = now.all.get(component)?.fields.get(field) ?? null;
      return { component, field, text: other ? `${text ?? ''}!` : text };
    }),
    shelfSizes: new Map(extra.shelfSizes.map(([centre, off]) => [centre, now.shelves.get(centre)!.size + off])),
    detach: extra.detach.filter((piece) => !taken.has(piece.id) && taken.add(piece.id)),
    park: new Map(extra.park.filter(([leaf, { centre }]) => leaf !== centre)),
    shelve: extra.shelve,
    forget: extra.forget,
    recall: extra.recall,
  };
}
