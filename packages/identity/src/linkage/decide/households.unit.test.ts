import { expect, test } from 'vitest';
import { evaluate } from '../evaluate.ts';
import { linked, someFamilies, somePeople, type TestRecord, truthOf } from '../test-support.ts';

/** What a shop that delivers nothing knows of its customers: no street and no telephone, so no home. */
function withoutHome({ street: _, postcode: __, phone: ___, ...record }: TestRecord): TestRecord {
  return record;
}

function linkedToTruth(records: readonly TestRecord[]) {
  const { clusters, frame } = linked(records);
  return { hasHouseholds: frame.hasHouseholds, ...evaluate(clusters, truthOf(records)) };
}

test('one mailbox under two names or two birthdays, never under both, is one person’s slip', () => {
  const people = somePeople(4, 300)
    .filter(({ who }, i, all) => all[i - 1]?.who !== who)
    .map(withoutHome);
  const slips = people.map(({ city: _, ...person }, i): TestRecord => {
    const { given_name, birth_date } = people[(i + 7) % people.length]!;
    return { ...person, ...(i % 2 === 0 ? { given_name: given_name! } : { birth_date: birth_date! }) };
  });
  const { hasHouseholds, recall } = linkedToTruth([...people, ...slips]);
  expect(hasHouseholds).toBe(false);
  expect(recall).toBeGreaterThan(0.9);
});

test('one mailbox under two names and two birthdays is a household’s', () => {
  const { hasHouseholds, precision } = linkedToTruth(someFamilies(1, 150, 2).map(withoutHome));
  expect(hasHouseholds).toBe(true);
  expect(precision).toBeGreaterThan(0.98);
});
