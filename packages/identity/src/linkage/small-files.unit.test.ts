import { expect, test } from 'vitest';
import { linked, somePeople, type TestRecord } from './test-support.ts';

/** Too few to learn from: what is believed beforehand has to do. */
const people = somePeople(9, 40);

const HOME = { street: '12 mill street', city: 'bonn', postcode: '53111' };
const GROUPS: Readonly<Record<string, readonly TestRecord[]>> = {
  'a company in three spellings': [
    { org_name: 'Presto Mining Ltd', ...HOME, phone: '01709998877' },
    { org_name: 'PRESTO MINING, Limited', ...HOME },
    { org_name: 'Presto Minning', phone: '01709998877' },
  ],
  'another company of its house': [{ org_name: 'Presto Media Ltd', ...HOME, phone: '01701112233' }],
  'its owner': [{ given_name: 'nils', family_name: 'presto', ...HOME, phone: '01709998877' }],
  'a father': [
    { given_name: 'karl', family_name: 'vonbergen', name_suffix: 'Sr', birth_date: '1937-07-21', street: '8 oak lane' },
    { given_name: 'karl', family_name: 'vonbergen', name_suffix: 'Sr', birth_date: '1937-07-21', phone: '01703334455' },
  ],
  'his son, once without a suffix and with a birthday that resembles his father’s': [
    { given_name: 'karl', family_name: 'vonbergen', name_suffix: 'Jr', birth_date: '1967-07-01', street: '8 oak lane' },
    { given_name: 'karl', family_name: 'vonbergen', birth_date: '1967-07-01', street: '8 oak lane' },
  ],
  'a man': [{ given_name: 'mark', family_name: 'grunwald', gender: 'm', street: '5 park lane', phone: '01704445566' }],
  'his wife of nearly the same name': [
    { given_name: 'mary', family_name: 'grunwald', gender: 'f', street: '5 park lane', phone: '01704445566' },
  ],
  'a person by one passport, under two transcriptions': [
    { given_name: 'jie', family_name: 'wang', passport: 'E1234567' },
    { given_name: 'chieh', family_name: 'wong', passport: 'E1234567', birth_date: '1971-02-03' },
  ],
  'one with a document': [
    { given_name: 'mira', family_name: 'karlsen', soc_sec_id: '293-05-8638', birth_date: '1957-07-05' },
  ],
  'a namesake of another age with another': [
    { given_name: 'mira', family_name: 'karlsen', soc_sec_id: '711-36-2104', birth_date: '1940-07-05' },
  ],
  'one whose mailbox is the only thing in common': [
    { given_name: 'sven', family_name: 'torgrim', email: 'sv77@example.org', phone: '01701230000' },
    { given_name: 'sven', email: 'sv77@example.org', street: '3 hill street' },
    { family_name: 'torgrim', email: 'sv77@example.org', city: 'ulm' },
  ],
  'a namesake in the same town, of another age': [
    { given_name: 'olga', family_name: 'bankerud', birth_date: '1991-10-06', city: 'celle', postcode: '29221' },
  ],
  'and the other one': [
    { given_name: 'olga', family_name: 'bankerud', birth_date: '1974-08-17', city: 'celle', postcode: '29221' },
  ],
};

const special = Object.values(GROUPS).flat();
const found = linked([...people, ...special]).clusters.slice(people.length);
const clustersOf = (group: readonly TestRecord[]): number[] => group.map((record) => found[special.indexOf(record)]!);

test.each(Object.entries(GROUPS))('in a small file %s: one, and nobody else', (_, group) => {
  const [first, ...others] = clustersOf(group);
  for (const other of others) expect(other).toBe(first);
  const strangers = special.filter((record) => !group.includes(record));
  expect(clustersOf(strangers)).not.toContain(first);
});
