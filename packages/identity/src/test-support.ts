import type { Directive, DirectivePair, IdentityConfig, PairVerb, TraitsConfig } from '@kenal/contracts';
import fc from 'fast-check';
import type { EvidenceSource } from './evidence/interaction-evidence.ts';
import type { ReplayOptions } from './replay.ts';

// Ring 1 compiles without Node's types, hence the detour
const { env = {} } = (globalThis as { process?: { env: Record<string, string | undefined> } }).process ?? {};

/** How often a property is tried: `KENAL_PROPERTY_RUNS`, else 300. */
export const propertyRuns: number = Number(env.KENAL_PROPERTY_RUNS ?? 300);

/**
 * Settings of a property.
 * @param share of all runs, for those that take long
 */
export function tries(share = 1): { readonly numRuns: number; readonly endOnFailure: boolean } {
  // A mutant has to fail, not to be explained
  return { numRuns: Math.ceil(propertyRuns * share), endOnFailure: env.KENAL_MUTANT !== undefined };
}

export type TestInteraction = EvidenceSource & { identifiers: { type: string; value: string }[] };

/** Small limits, so that twenty events break them often. */
export const TIGHT: IdentityConfig = {
  types: ['till_id'],
  limits: { email: 2, phone: 1, anonymous_id: 3, device_id: 2 },
  blocked: [],
};

/** The same with hubs: three people are enough. */
export const TIGHTER: IdentityConfig = { ...TIGHT, caps: { email: 2, phone: 2, anonymous_id: 2, device_id: 2 } };

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

let issued = 0;
/** A directive issued at second 200, later than any interaction of {@link interaction}. */
export function directive(more: Partial<Directive>): Directive {
  issued += 1;
  return {
    ...{ id: `d${issued}`, workspace: 'test', issuedAt: 200_000_000 + issued, actor: 'ann', reason: 'she said so' },
    ...{ kind: 'must', pairs: [], source: null, profileId: null, erased: [], consent: null, document: null },
    ...{ base: null, model: null },
    ...more,
  };
}

export function pair(verb: PairVerb, a: string, b: string, weight: number | null = null): DirectivePair {
  return { a, b, verb, weight, detail: verb === 'link' ? '{"name":3}' : '' };
}

/** As normalised, of those above; one that nobody ever sends. */
const KEYS = [
  ...['user_id:u1', 'user_id:u2', 'user_id:u3', 'email:a@x.de', 'email:b@x.de', 'email:c@x.de', 'email:aa@gmail.com'],
  ...['phone:+12015557891', 'anonymous_id:n1', 'anonymous_id:n2', 'anonymous_id:n3', 'anonymous_id:n4'],
  ...['device_id:d1', 'device_id:d2', 'till_id:t1', 'email:never@x.de'],
];

const arbitraryPair = fc
  .record({
    a: fc.constantFrom(...KEYS),
    b: fc.constantFrom(...KEYS),
    verb: fc.constantFrom<PairVerb>('must', 'cannot', 'revoke', 'clear', 'link', 'link'),
    weight: fc.integer({ min: -2, max: 9 }),
  })
  .filter(({ a, b }) => a !== b)
  .map(({ a, b, verb, weight }) => pair(verb, a, b, verb === 'link' ? weight : null));

const said = (kind: Directive['kind'], more: Partial<Directive>) => ({ kind, ...more });
const arbitraryWord = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(arbitraryPair, { minLength: 1, maxLength: 3 }).map((pairs) => said('must', { pairs })),
  },
  { weight: 2, arbitrary: fc.constantFrom('web', 'shop').map((source) => said('revoke', { source })) },
  { weight: 1, arbitrary: fc.constantFrom('web', 'shop').map((source) => said('clear', { source })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('m1', 'm2')
      .map((model) => said('model', { document: JSON.stringify({ version: model }) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ owner: fc.constantFrom(...KEYS), purpose: fc.constantFrom('ads', 'mail'), granted: fc.boolean() })
      .map((consent) => said('consent', { consent })),
  },
);

/** Decisions about the people of {@link interactions}; few instants, so that ties come by themselves. */
export const directives: fc.Arbitrary<Directive[]> = fc
  .array(fc.tuple(arbitraryWord, fc.nat(6), fc.nat(9)), { minLength: 1, maxLength: 10, size: 'max' })
  .map((words) =>
    words.map(([word, issuedAt, id], i) =>
      directive({
        model: 'm1',
        ...word,
        id: `${id}-${i}`,
        issuedAt: issuedAt + 3,
        kind: word.kind as Directive['kind'],
      }),
    ),
  );
