import { COLUMN_KINDS, createColumn } from '@kenal/identity/linkage';
import { expect, test } from 'vitest';
import { generateRecords, type PersonRecord, PROFILES } from '../gen/records/index.ts';
import { runEvaluate } from './run-evaluate.ts';

const IDENTIFIERS = ['email', 'phone', 'national_id'] as const;
const TRAITS = [
  ...(['given_name', 'family_name', 'full_name', 'birth_date', 'gender', 'occupation', 'birth_place'] as const),
  ...(['street_number', 'street', 'city', 'postcode', 'state', 'country'] as const),
];
const RECORDS = 5_000;

/** Families at one address with one telephone and mailbox, and hardly anybody twice: more pairs of a home than of a person. */
const records: readonly PersonRecord[] = [
  ...generateRecords({ seed: 11, records: RECORDS, errors: 1, profile: PROFILES.clean }),
];

const householdOf = ({ truth }: PersonRecord): string => truth.slice(0, truth.indexOf('-'));

function evaluated() {
  const people = new Map<string, number>();
  const truth = Int32Array.from(records, (record) => {
    if (!people.has(record.truth)) people.set(record.truth, people.size);
    return people.get(record.truth)!;
  });
  const columns = [...IDENTIFIERS, ...TRAITS].map((name, at) => {
    const column = createColumn(name, at < IDENTIFIERS.length ? COLUMN_KINDS.identifier : COLUMN_KINDS.trait);
    for (const { facts } of records) column.add(facts[name]);
    return column.build();
  });
  return runEvaluate({ size: records.length, truth, columns }, () => undefined);
}

/** Whether both say another given name and another birthday, in one household. */
function areTwoOfOneHome(a: PersonRecord, b: PersonRecord): boolean {
  const differ = (fact: 'given_name' | 'birth_date'): boolean =>
    a.facts[fact] !== '' && b.facts[fact] !== '' && a.facts[fact] !== b.facts[fact];
  return a.truth !== b.truth && householdOf(a) === householdOf(b) && differ('given_name') && differ('birth_date');
}

test('where families are many and doubles few, nobody is joined with a relative', () => {
  const { evaluation, clusterOf } = evaluated();
  expect(evaluation.truePairs).toBeLessThan(RECORDS / 20);
  expect(evaluation.precision).toBeGreaterThanOrEqual(0.97);
  expect(evaluation.recall).toBeGreaterThanOrEqual(0.95);
  const joined = [...Map.groupBy(records.keys(), (row) => clusterOf[row]!).values()]
    .flatMap((rows) => rows.flatMap((a, i) => rows.slice(i + 1).map((b) => [records[a]!, records[b]!] as const)))
    .filter(([a, b]) => areTwoOfOneHome(a, b));
  expect(joined.map((pair) => pair.map(({ facts }) => facts.full_name))).toEqual([]);
});
