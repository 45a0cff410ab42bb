import { expect, test } from 'vitest';
import { EVIDENCE, evidenceKind } from '../evidence/fields.ts';
import { evidenceOf, foldEvidence } from '../evidence/interaction-evidence.ts';
import { createNormaliser } from '../normalise/normalise.ts';
import { areOneByEvidence, decisionOn, linkWeight, sourceRecordOf, sourcesOf, standingOf } from './source-record.ts';

const normalise = createNormaliser({ types: [], limits: {}, blocked: [] }, 'GB');

interface Said {
  readonly id: string;
  readonly at: number;
  readonly source?: string;
  readonly traits?: object;
  readonly identifiers: Record<string, string>;
}

/** Fields as the state has them after these events. */
function fieldsOf(said: readonly Said[]): Map<string, string> {
  const evidence = said.map(({ id, at, source = 'crm', traits = {}, identifiers }) => {
    const named = Object.entries(identifiers).map(([type, value]) => ({ type, value }));
    const times = { clientAt: at, receivedAt: at, occurredAt: at };
    return evidenceOf({ id, source, type: 'identify', ...times, traits: JSON.stringify(traits) }, normalise(named))!;
  });
  const folded = [...foldEvidence(evidence)].map(([field, span]): [string, string] => [
    field,
    EVIDENCE[evidenceKind(field)!].encode(span),
  ]);
  return new Map(folded);
}

test('the record of a source has its newest words by the caller’s time, and nobody else’s', () => {
  const said: Said[] = [
    { id: 'b', at: 20, traits: { city: 'Ulm|1', n: 1 }, identifiers: { user_id: '7', email: 'new@example.org' } },
    { id: 'a', at: 10, traits: { city: 'Bonn', zip: '5' }, identifiers: { user_id: '7', email: 'old@example.org' } },
    { id: 'c', at: 30, source: 'web', traits: { city: 'Kiel' }, identifiers: { user_id: '7', phone: '+442079460000' } },
    { id: 'd', at: 40, traits: { city: 'Jena' }, identifiers: { user_id: '8', email: 'x@example.org' } },
  ];
  const fields = fieldsOf(said);
  const record = sourceRecordOf(fields, 'user_id:7', 'crm');
  expect(Object.fromEntries(record.traits.map(({ name, text }) => [name, JSON.parse(text)]))).toEqual({
    ...{ city: 'Ulm|1', n: 1, zip: '5' },
  });
  expect(Object.fromEntries(record.identifiers.map(({ name, text }) => [name, text]))).toEqual({
    ...{ user_id: '7', email: 'new@example.org' },
  });
  expect(sourceRecordOf(fieldsOf([...said].reverse()), 'user_id:7', 'crm').identifiers).toHaveLength(2);
  expect(sourcesOf(fields, 'user_id:7')).toEqual(['crm', 'web']);
  expect(sourceRecordOf(fields, 'user_id:7', 'shop')).toEqual({ traits: [], identifiers: [] });
});

test('where somebody stands is read from what was published', () => {
  const fields = new Map([
    ['a|email:a@b.c', 'p1|10'],
    ['a|user_id:1', 'p1|10'],
    ['a|user_id:2', 'p2|10'],
  ]);
  expect(standingOf(fields, 'email:a@b.c')).toEqual({ profileId: 'p1', userIds: ['user_id:1'] });
  expect(standingOf(fields, 'email:x@b.c')).toEqual({ profileId: '', userIds: [] });
});

test('a decision and a link of a pair are found whichever end comes first', () => {
  const fields = new Map([
    ['d|a:%7C1|b:2', 'a|id|cannot'],
    ['w|a:%7C1|b:2|m1', 'a|id|-5.25%7C{}'],
  ]);
  expect(decisionOn(fields, 'b:2', 'a:|1')).toBe('cannot');
  expect(decisionOn(fields, 'b:2', 'a:1')).toBeNull();
  expect(linkWeight(fields, 'b:2', 'a:|1', 'm1')).toBe(-5.25);
  expect(linkWeight(fields, 'b:2', 'a:|1', 'm2')).toBeNull();
});

test('two are one by evidence where events or a person joined them within their profile, not where a model did', () => {
  const profile = (...keys: string[]): [string, string][] => keys.map((key) => [`a|${key}`, 'p1|1']);
  const sighting = 'a|id';
  const all = profile('user_id:1', 'email:a', 'email:b', 'phone:1');
  const joined = (...fields: [string, string][]) =>
    areOneByEvidence(new Map([...all, ...fields]), 'email:a', 'phone:1', new Set(['bad']));
  expect(joined(['l|email:a|user_id:1|crm', sighting], ['l|phone:1|user_id:1|web', sighting])).toBe(true);
  expect(joined(['l|email:a|email:b|crm', sighting], ['d|email:b|phone:1', 'a|id|must'])).toBe(true);
  expect(joined(['l|email:a|user_id:1|crm', sighting], ['l|phone:1|user_id:1|bad', sighting])).toBe(false);
  expect(joined(['w|email:a|phone:1|m1', 'a|id|9%7C{}'])).toBe(false);
  expect(joined(['d|email:a|phone:1', 'a|id|cannot'])).toBe(false);
  expect(
    joined(['a|user_id:2', 'p2|1'], ['l|email:a|user_id:2|crm', sighting], ['l|phone:1|user_id:2|c', sighting]),
  ).toBe(false);
});
