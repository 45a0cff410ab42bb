import type { Change, IdentifierKey, IdentityConfig, TraitsConfig } from '@kenal/contracts';
import fc from 'fast-check';
import { partition } from './cluster/partition.ts';
import { decide } from './decide/decide.ts';
import { groupEvidence } from './decide/group.ts';
import { decodeComponent } from './evidence/component.ts';
import { type EvidenceSource, evidenceOf } from './evidence/interaction-evidence.ts';
import { createNormaliser } from './normalise/normalise.ts';
import { type ProfileView, profileOf } from './profile/view.ts';
import type { ReplayOptions, replay } from './replay.ts';
import { compareText, rulesOf } from './rules.ts';

/** How often a property is tried: `KENAL_PROPERTY_RUNS`, else 300. (Ring 1 compiles without Node's types, hence the detour.) */
export const propertyRuns: number = Number(
  (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env.KENAL_PROPERTY_RUNS ?? 300,
);

export type TestInteraction = EvidenceSource & { identifiers: { type: string; value: string }[] };

/** Small limits, so that twenty events break them often. */
export const TIGHT: IdentityConfig = {
  types: ['till_id'],
  limits: { email: 2, phone: 1, anonymous_id: 3, device_id: 2 },
  blocked: [],
};

const rule = { freshForDays: 365, required: true };
/** A rule of each kind for the traits that {@link interactions} carry; one of them has none. */
export const RULED: TraitsConfig = {
  name: { ...rule, survivorship: 'longest' },
  'city|%': { ...rule, survivorship: 'oldest' },
  age: { ...rule, survivorship: 'source_priority', sources: ['shop', 'web'] },
};

export const optionsOf = (config: IdentityConfig, traits: TraitsConfig = {}): ReplayOptions => ({
  workspace: 'test',
  config,
  traits,
  regionOf: () => 'US',
});

let counter = 0;
/** An interaction of the web source at second 100 whose identifiers are written `type:value`. */
export function interaction(keys: string, more: Partial<TestInteraction> = {}): TestInteraction {
  counter += 1;
  const identifiers = keys.split(' ').map((key) => {
    const colon = key.indexOf(':');
    return { type: key.slice(0, colon), value: key.slice(colon + 1) };
  });
  const at = more.clientAt ?? 100_000_000;
  return {
    id: `m${counter}`,
    source: 'web',
    type: 'identify',
    clientAt: at,
    receivedAt: at,
    occurredAt: at,
    traits: '{}',
    ...more,
    identifiers,
  };
}

const pick = (type: string, ...values: string[]) => values.map((value) => ({ type, value }));
const IDENTIFIERS = [
  ...pick('user_id', 'u1', 'u2', 'u3', 'a|b%7C', 'null'),
  ...pick('email', 'a@x.de', 'b@x.de', 'c@x.de', 'a.a@gmail.com', 'aa@googlemail.com', 'info@x.de'),
  ...pick('phone', '+12015557890', '(201) 555-7891', '+49 30 901820'),
  ...pick('anonymous_id', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'),
  ...pick('device_id', 'd1', 'd2', 'd3'),
  ...pick('till_id', 't1', 't2'),
  ...pick('zebra', 'z1'),
];

const traitValue = fc.constantFrom('null', '"x"', '"y|%"', '"😀😀"', '1', '{"a":[1,null]}', '[]');
const traits = fc
  .dictionary(fc.constantFrom('name', 'city|%', 'age', '__proto__x'), traitValue, { maxKeys: 3 })
  .map((values) => `{${Object.entries(values).map(([k, v]) => `${JSON.stringify(k)}:${v}`)}}`);

/** Few identifiers, few instants, few event ids: shared identifiers, ties and ids with two contents come by themselves. */
const arbitraryInteraction: fc.Arbitrary<TestInteraction> = fc
  .record({
    id: fc.constantFrom(...Array.from({ length: 60 }, (_, i) => `m${i}`)),
    source: fc.constantFrom('web', 'shop', 'app'),
    type: fc.constantFrom('identify', 'identify', 'track', 'group'),
    clientAt: fc.oneof(
      { arbitrary: fc.integer({ min: 0, max: 12 }), weight: 9 },
      { arbitrary: fc.constant(null), weight: 1 },
    ),
    receivedAt: fc.integer({ min: 0, max: 12 }),
    identifiers: fc.array(fc.constantFrom(...IDENTIFIERS), { minLength: 1, maxLength: 4 }),
    traits,
  })
  .map((event) => ({ ...event, occurredAt: event.clientAt ?? event.receivedAt }) as TestInteraction);

/** 20 to 90 interactions, about a tenth of them again as an equal or a later copy. */
export const interactions: fc.Arbitrary<TestInteraction[]> = fc
  .tuple(
    fc.array(arbitraryInteraction, { minLength: 20, maxLength: 80, size: 'max' }),
    fc.array(fc.tuple(fc.nat(), fc.nat(5)), { maxLength: 10, size: 'max' }),
  )
  .map(([events, copies]) => [
    ...events,
    ...copies.map(([at, later]) => {
      const event = events[at % events.length]!;
      return { ...event, receivedAt: event.receivedAt + later };
    }),
  ]);

/** An order of n things and their division into batches, both drawn from numbers. */
export const shuffle = fc.array(fc.nat(), { minLength: 200, maxLength: 200 }).map((numbers) => ({
  order: <T>(items: readonly T[]): T[] =>
    items
      .map((item, i) => ({ item, at: numbers[i % 200]! }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item),
  batches: <T>(items: readonly T[]): T[][] => {
    const batches: T[][] = [[]];
    items.forEach((item, i) => {
      if (numbers[(i + 7) % 200]! % 3 === 0) batches.push([]);
      batches.at(-1)!.push(item);
    });
    return batches.filter((batch) => batch.length > 0);
  },
}));

/** The state port's promise in a few lines: whoever decides on it needs nothing else. */
export function createWorld(config: IdentityConfig, traits: TraitsConfig = {}) {
  const rules = rulesOf(config, 'test', traits);
  const normalise = createNormaliser(config, 'US');
  const pointers = new Map<IdentifierKey, string>();
  const components = new Map<string, { id: string; version: number; fields: Map<string, string> }>();
  const changes: Change[] = [];
  let now = 1_000;

  function take(batch: readonly TestInteraction[], readAgain = false): void {
    const evidence = batch.flatMap((event) => evidenceOf(event, normalise(event.identifiers), rules) ?? []);
    for (const part of groupEvidence(evidence, pointers)) {
      const keys = part.flatMap((item) => item.keys);
      const ids = new Set(keys.flatMap((key) => pointers.get(key) ?? []));
      now += 1;
      const joined = [...ids].map((id) => components.get(id)!);
      const recovering = new Set(readAgain ? keys : []);
      const decision = decide({
        rules,
        now,
        newComponent: `c${now}`,
        pointers,
        components: joined,
        recovering,
        evidence: part,
      });
      changes.push(...decision.changes);
      if (decision.commit !== null) apply(decision.commit);
    }
  }

  function apply(commit: NonNullable<ReturnType<typeof decide>['commit']>): void {
    for (const [id, version] of commit.expect)
      if ((components.get(id)?.version ?? 0) !== version) throw new Error(`component ${id} was not at ${version}`);
    for (const key of commit.absent) if (pointers.has(key)) throw new Error(`${key} points somewhere`);
    const fields = new Map(components.get(commit.target)?.fields);
    for (const id of commit.absorb) {
      for (const [field, text] of components.get(id)!.fields) fields.set(field, text);
      components.delete(id);
    }
    for (const [field, text] of commit.set) fields.set(field, text);
    for (const field of commit.unset) fields.delete(field);
    for (const key of commit.point) pointers.set(key, commit.target);
    const version = (commit.expect.get(commit.target) ?? 0) + 1;
    components.set(commit.target, { id: commit.target, version, fields });
  }

  /** FLUSHALL. */
  function flush(): void {
    pointers.clear();
    components.clear();
  }

  /** The same picture that `replay` gives, from what was written. */
  function picture() {
    const profiles = new Map<string, ProfileView>();
    const profileByKey = new Map<IdentifierKey, string>();
    const rejected = [];
    for (const { fields } of components.values()) {
      const component = decodeComponent(fields);
      rejected.push(...partition(component, rules).rejected);
      for (const [key, { profileId }] of component.assigned) {
        profileByKey.set(key, profileId);
        profiles.set(profileId, profileOf(component, rules, key)!);
      }
    }
    rejected.sort((x, y) => compareText(x.a, y.a) || compareText(x.b, y.b));
    return { profiles, profileByKey, rejected };
  }

  return { take, flush, picture, changes, pointers, components, rules };
}

/** A picture as plain data without versions, which depend on arrival. */
export function plain(picture: ReturnType<typeof replay>) {
  const profiles = [...picture.profiles.values()].map(({ version: _, ...rest }) => rest);
  profiles.sort((a, b) => compareText(a.id, b.id));
  const byKey = [...picture.profileByKey].sort(([a], [b]) => compareText(a, b));
  return { profiles, byKey, rejected: picture.rejected };
}
