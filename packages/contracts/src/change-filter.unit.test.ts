import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANGE_TYPES, type Change, type ProfileContent } from './change.ts';
import { changeEnvelopeSchema, envelopeOf } from './change-envelope.ts';
import { type ChangeFilter, changeFilterSchema, matches } from './change-filter.ts';

const NAMES = ['vip', 'lost', 'email', 'plan.name'];
// Collectors refuse the key __proto__ at every depth
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((one) => one !== '__proto__');
const json = fc.jsonValue().filter((one) => !JSON.stringify(one).includes('__proto__'));
const content: fc.Arbitrary<ProfileContent> = fc.record({
  traits: fc.dictionary(text, json, { noNullPrototype: true }).map((value) => JSON.stringify(value)),
  identifiers: fc.array(fc.record({ type: fc.constantFrom('email', 'phone'), value: fc.string({ minLength: 1 }) })),
  identifierCount: fc.nat(),
  consent: fc.dictionary(text, fc.boolean(), { noNullPrototype: true }).map((value) => JSON.stringify(value)),
  computed: fc.uniqueArray(fc.constantFrom(...NAMES)).map((names) => {
    const attribute = { value: true, kind: 'segment', computedAt: '2026-01-01T00:00:00.000Z', fitId: '', reason: '' };
    return JSON.stringify(Object.fromEntries(names.map((name) => [`segment.${name}`, attribute])));
  }),
});
const path = fc.oneof(
  fc.constantFrom('consent', 'identifiers'),
  fc.tuple(fc.constantFrom('traits', 'computed'), fc.constantFrom(...NAMES)).map((parts) => parts.join('.')),
);
const change: fc.Arbitrary<Change> = fc.record({
  ...{ id: text, type: fc.constantFrom(...CHANGE_TYPES), workspace: text },
  profileId: fc.constantFrom('p1', 'p2'),
  ...{ version: fc.nat(), previousVersion: fc.nat({ max: 1 }), occurredAt: fc.integer({ min: 0, max: 2 ** 52 }) },
  before: fc.option(content),
  after: fc.option(content),
  changed: fc.array(path, { maxLength: 3 }),
  assigned: fc.array(fc.record({ type: text, value: text, key: text, from: text }), { maxLength: 2 }),
  cause: fc.record({ messageId: text, source: text, rule: fc.constantFrom('link', 'erase') }),
  mergedInto: fc.option(text),
  ...{ mergedFrom: fc.array(text), splitInto: fc.array(text), released: fc.array(text) },
});
const some = <T>(entry: fc.Arbitrary<T>) =>
  fc.option(fc.array(entry, { minLength: 1, maxLength: 3 }), { nil: undefined });
const move = fc
  .tuple(fc.constantFrom('entered', 'left'), fc.constantFrom('vip', 'lost'))
  .map(([verb, segment]) => `${verb}:${segment}`);
const filter: fc.Arbitrary<ChangeFilter> = fc.record({
  types: some(fc.constantFrom(...CHANGE_TYPES)),
  profileIds: some(fc.constantFrom('p1', 'p2', 'p3')),
  changed: some(fc.oneof(path, fc.constantFrom('traits', 'traits.*', 'computed.*', 'traits.plan', 'traits.plan.*'))),
  segments: some(move),
  identifierTypes: some(fc.constantFrom('email', 'phone', 'card')),
});

describe('envelope', () => {
  test('every change is one, says the same, and never whom an erasure took away', () => {
    fc.assert(
      fc.property(change, (one) => {
        const envelope = envelopeOf(one);
        expect(changeEnvelopeSchema.parse(envelope)).toEqual(envelope);
        expect(JSON.parse(JSON.stringify(envelope))).toEqual(envelope);
        for (const side of ['before', 'after'] as const)
          expect(envelope[side]?.traits).toEqual(one[side] === null ? undefined : JSON.parse(one[side].traits));
        expect(envelope.released).toEqual(one.cause.rule === 'erase' ? [] : one.released);
        expect(Date.parse(envelope.occurredAt)).toBe(Math.floor(one.occurredAt / 1_000));
      }),
    );
  });
});

describe('filter', () => {
  test('no filter takes everything; several hold together; a longer list takes no less', () => {
    fc.assert(
      fc.property(change, filter, filter, (one, a, b) => {
        const envelope = envelopeOf(one);
        expect(changeFilterSchema.parse(a)).toEqual(a);
        expect(matches({}, envelope)).toBe(true);
        const each = Object.entries(a).map(([name, list]) => matches({ [name]: list }, envelope));
        expect(matches(a, envelope)).toBe(each.every(Boolean));
        if (matches(a, envelope)) expect(matches(longer(a, b), envelope)).toBe(true);
      }),
    );
  });

  test('a path is taken by itself and by each of its beginnings, and by nothing else', () => {
    const of = (path: string) => envelopeOf({ ...plain, changed: [path] });
    const takes = (wanted: string, path: string): boolean => matches({ changed: [wanted] }, of(path));
    for (const wanted of ['traits.plan.name', 'traits.plan', 'traits.plan.*', 'traits', 'traits.*'])
      expect(takes(wanted, 'traits.plan.name'), wanted).toBe(true);
    for (const wanted of ['traits.plan.name.*', 'traits.pla', 'traits.plan.nam', 'computed.*', 'consent'])
      expect(takes(wanted, 'traits.plan.name'), wanted).toBe(false);
    expect(takes('traits.plan.*', 'traits.plan')).toBe(false);
  });

  test('who enters a segment, who leaves it, and who only stayed are told apart', () => {
    const moved = (was: readonly string[] | null, is: readonly string[] | null, wanted: string, previousVersion = 1) =>
      matches({ segments: [wanted] }, envelopeOf({ ...plain, previousVersion, before: of(was), after: of(is) }));
    expect(moved([], ['vip'], 'entered:vip')).toBe(true);
    expect(moved(null, ['vip'], 'entered:vip', 0)).toBe(true);
    expect(moved(['vip'], null, 'left:vip')).toBe(true);
    for (const wanted of ['entered:vip', 'left:vip']) {
      expect(moved(['vip'], ['vip', 'lost'], wanted)).toBe(false);
      expect(moved(null, ['vip'], wanted), 'nobody knows what was before').toBe(false);
    }
  });

  test('an erasure reaches whoever may keep a copy', () => {
    const erased = envelopeOf({ ...plain, type: 'erased', previousVersion: 1, after: null });
    expect(matches({ changed: ['traits.email'], segments: ['entered:vip'], identifierTypes: ['email'] }, erased)).toBe(
      true,
    );
    expect(matches({ profileIds: ['somebody else'] }, erased)).toBe(false);
    expect(matches({ types: ['created'] }, erased)).toBe(false);
  });

  test('what is no filter is refused, and what there is is named', () => {
    const fault = (value: unknown): string => changeFilterSchema.safeParse(value).error?.issues[0]?.message ?? '';
    expect(fault({ typ: ['created'] })).toBe(
      'no filter typ; there are types, profileIds, changed, segments, identifierTypes',
    );
    expect(fault({ types: ['made'] })).toBe('must be one of created, updated, merged, split, erased');
    expect(fault({ changed: ['trait.email'] })).toContain('there are traits, computed, consent, identifiers');
    expect(fault({ segments: ['vip'] })).toBe('must be entered:<segment> or left:<segment>');
    expect(fault({ types: [] })).not.toBe('');
  });
});

const plain: Change = {
  ...{ id: 'p1:2', type: 'updated', workspace: 'shop', profileId: 'p1', version: 2, previousVersion: 0, occurredAt: 2 },
  ...{ before: null, after: null, changed: [], assigned: [], cause: { messageId: 'm', source: 'web', rule: 'traits' } },
  ...{ mergedInto: null, mergedFrom: [], splitInto: [], released: [] },
  after: of([]),
};

function of(segments: readonly string[] | null): ProfileContent | null {
  if (segments === null) return null;
  const computed = Object.fromEntries(segments.map((name) => [`segment.${name}`, { value: true }]));
  return { traits: '{}', identifiers: [], identifierCount: 0, consent: '{}', computed: JSON.stringify(computed) };
}

/** Each list of `a` with the entries of `b`. */
function longer(a: ChangeFilter, b: ChangeFilter): ChangeFilter {
  const entries = Object.entries(a).map(([name, list]) => [
    name,
    list === undefined ? undefined : [...list, ...(b[name as keyof ChangeFilter] ?? [])],
  ]);
  return Object.fromEntries(entries) as ChangeFilter;
}
