import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../test-support.ts';
import { evaluate } from './evaluate.ts';
import { linkRecords } from './link.ts';
import { columnsOf, groupsOf, linked, someFamilies, somePeople, type TestRecord, truthOf } from './test-support.ts';

/** Each run links two tables. */
const numRuns = Math.ceil(propertyRuns / 150);

/** Clusters as sets of the records' content, in text order. */
function partition(records: readonly TestRecord[], clusters: Int32Array): readonly string[] {
  return groupsOf(clusters)
    .map((rows) =>
      rows
        .map((row) => JSON.stringify(Object.entries(records[row]!).sort()))
        .sort()
        .join(),
    )
    .sort();
}

test('people are found without labels, and few strangers are joined', () => {
  const records = somePeople(3, 150);
  const { precision, recall } = evaluate(linked(records).clusters, truthOf(records));
  expect(precision).toBeGreaterThan(0.995);
  expect(recall).toBeGreaterThan(0.97);
});

test('shuffled rows give the same people, and the same model but for nothing', () => {
  fc.assert(
    fc.property(fc.nat(1_000), (seed) => {
      const records = somePeople(seed, 30);
      const shuffled = fc.sample(fc.shuffledSubarray([...records], { minLength: records.length }), {
        numRuns: 1,
        seed,
      })[0]!;
      const [before, after] = [linked(records), linked(shuffled)];
      expect(partition(shuffled, after.clusters)).toEqual(partition(records, before.clusters));
      expect(after.model.version).toBe(before.model.version);
    }),
    { numRuns },
  );
});

test('the order of columns counts for nothing', () => {
  const records = somePeople(5, 40);
  const turned = linkRecords(columnsOf(records).toReversed(), records.length, { seed: 1 });
  const straight = linked(records);
  expect(turned.clusters).toEqual(straight.clusters);
  expect(turned.model.version).toBe(straight.model.version);
});

test('equal rows land together, and change nobody else', () => {
  fc.assert(
    fc.property(fc.nat(1_000), (seed) => {
      const isTelling = ({ given_name, family_name, birth_date }: TestRecord) =>
        given_name && family_name && birth_date;
      const records = somePeople(seed, 30).filter(isTelling);
      const clusters = linked([...records, ...records]).clusters;
      const once = groupsOf(linked(records).clusters);
      expect(clusters.slice(records.length)).toEqual(clusters.slice(0, records.length));
      expect(groupsOf(clusters.slice(0, records.length))).toEqual(once);
    }),
    { numRuns },
  );
});

test('records of which nothing is known are nobody’s', () => {
  const records = [
    ...somePeople(1, 30),
    ...Array.from({ length: 5 }, () => ({ given_name: '', email: 'null', city: '' })),
  ];
  const { clusters } = linked(records);
  expect(new Set(clusters.slice(-5)).size).toBe(5);
  const empty = Array.from({ length: 3 }, () => ({ given_name: '', family_name: '' }));
  expect(groupsOf(linked(empty).clusters)).toHaveLength(3);
});

test('a table of one record, and one of none, are clustered too', () => {
  expect(groupsOf(linked([{ given_name: 'ann', city: 'bonn' }]).clusters)).toHaveLength(1);
  expect(linked([]).clusters).toHaveLength(0);
});

test('where families are many and doubles few, what one person’s records differ in is not learnt from families', () => {
  const { model } = linked(someFamilies(1, 450, 40));
  for (const name of ['given_name', 'birth_date'])
    expect(model.features.find((feature) => feature.name === name)!.m.at(-1)).toBeLessThan(0.02);
});

test('where nobody lives together, another birthday or given name is one person’s slip', () => {
  const people = somePeople(4, 900).filter(({ who }, i, all) => all[i - 1]?.who !== who);
  const slips = people.map((person, i): TestRecord => {
    if (i % 10 === 0) return { ...person, birth_date: '1999-12-31' };
    return i % 10 === 1 ? { ...person, given_name: 'xylo' } : { ...person, city: '' };
  });
  const records = [...people, ...slips];
  expect(evaluate(linked(records).clusters, truthOf(records)).recall).toBeGreaterThan(0.95);
});

describe('people who live together', () => {
  const home = {
    family_name: 'bakersen',
    street: '12 mill street',
    city: 'bonn',
    postcode: '53111',
    phone: '01705551234',
  };
  const others = somePeople(9, 30);
  const apart = (...family: readonly TestRecord[]) => {
    const clusters = linked([...others, ...family.map((member) => ({ ...home, ...member }))]).clusters;
    return new Set(clusters.slice(others.length)).size;
  };

  test('a family at one address, with one name and telephone, stays apart', () => {
    expect(
      apart(
        { given_name: 'karin', birth_date: '1970-03-01', who: '900' },
        { given_name: 'lars', birth_date: '1968-11-17', who: '901' },
        { given_name: 'mira', birth_date: '1999-07-30', who: '902' },
      ),
    ).toBe(3);
  });

  test('nobody is joined on the evidence of a household alone', () => {
    expect(apart({ given_name: 'karin', who: '900' }, { birth_date: '1970-03-01', who: '901' })).toBe(2);
    expect(apart({ who: '900' }, { city: 'bonnn', who: '901' })).toBe(2);
  });

  test('twins stay apart', () => {
    expect(
      apart(
        { given_name: 'karin', birth_date: '1999-07-30', who: '900' },
        { given_name: 'mira', birth_date: '1999-07-30', who: '901' },
      ),
    ).toBe(2);
  });

  test('father and son of one name stay apart, by birthday or by suffix', () => {
    expect(
      apart(
        { given_name: 'lars', birth_date: '1968-11-17', who: '900' },
        { given_name: 'lars', birth_date: '1994-02-03', who: '901' },
      ),
    ).toBe(2);
    expect(
      apart({ given_name: 'lars', suffix: 'Sr', who: '900' }, { given_name: 'lars', suffix: 'Jr.', who: '901' }),
    ).toBe(2);
  });

  test('one of them, seen twice, is one', () => {
    expect(
      apart(
        { given_name: 'lars', birth_date: '1968-11-17', who: '900' },
        { given_name: 'lasr', birth_date: '1968-11-17', who: '900' },
      ),
    ).toBe(1);
  });

  test('a family’s mailbox joins nobody, where birthdays are missing too', () => {
    const email = 'bakersen@example.org';
    expect(
      apart(
        { given_name: 'karin', birth_date: '1970-03-01', email, who: '900' },
        { given_name: 'lars', email, who: '901' },
      ),
    ).toBe(2);
  });

  test('the family’s address for mail glues nobody', () => {
    const email = 'bakersen@example.org';
    expect(
      apart(
        { given_name: 'karin', birth_date: '1970-03-01', email, who: '900' },
        { given_name: 'lars', birth_date: '1968-11-17', email, who: '901' },
      ),
    ).toBe(2);
  });
});

test('two people of one common name in one town stay two', () => {
  // Mailboxes of firms, each under a domain of its own, as in a file of business customers
  const others = somePeople(15, 400).map(({ phone: _, ...record }) => ({
    ...record,
    email: (record.email ?? '').replace(/\d*@example.org/, `@firm${record.who}.example.org`),
  }));
  const mailOf = (name: string, domain: string) => ({ email: `karin.${name}@${domain}.example.org` });
  const [born, bornToo] = [{ birth_date: '1970-03-01' }, { birth_date: '1988-11-17' }];
  const namesakes: Readonly<Record<string, readonly [TestRecord, TestRecord]>> = {
    bakersen: [born, bornToo],
    linmoba: [{ postcode: '11111' }, { postcode: '22222' }],
    tarvelin: [mailOf('tarvelin', 'oak'), mailOf('tarvelin', 'mill')],
    rugdorsen: [
      { ...born, ...mailOf('rugdorsen', 'oak') },
      { ...bornToo, ...mailOf('rugdorsen', 'mill') },
    ],
  };
  const pairs = Object.entries(namesakes).flatMap(([family_name, [a, b]], i) => {
    const name = { given_name: 'karin', family_name, city: 'bonn' };
    return [
      { ...name, street: '3 oak street', ...a, who: String(900 + i) },
      { ...name, street: '77 mill street', ...b, who: String(950 + i) },
    ];
  });
  const clusters = linked([...others, ...pairs]).clusters.slice(others.length);
  const joined = Object.keys(namesakes).filter((_, i) => clusters[i * 2] === clusters[i * 2 + 1]);
  expect(joined).toEqual([]);
});

describe('names of many cultures', () => {
  const others = somePeople(11, 30);
  const same = (...records: readonly TestRecord[]) => {
    const clusters = linked([
      ...others,
      ...records.map((record) => ({ birth_date: '1981-04-13', city: 'gera', ...record })),
    ]).clusters;
    return new Set(clusters.slice(others.length)).size;
  };
  test.each([
    [
      'the two parts swapped',
      { given_name: 'nguyen', family_name: 'tuan' },
      { given_name: 'tuan', family_name: 'nguyen' },
    ],
    ['diacritics', { given_name: 'Zoë', family_name: 'Čapková' }, { given_name: 'zoe', family_name: 'capkova' }],
    ['Cyrillic', { given_name: 'Юлия', family_name: 'Иванова' }, { given_name: 'yuliya', family_name: 'ivanova' }],
    [
      'a nickname',
      { given_name: 'margaret', family_name: 'velmonis' },
      { given_name: 'peggy', family_name: 'velmonis' },
    ],
    ['one name only', { given_name: 'suharto', family_name: '' }, { given_name: 'suharto', family_name: '' }],
    [
      'one name, in either place',
      { given_name: 'suharto', family_name: '' },
      { given_name: '', family_name: 'suharto' },
    ],
  ])('%s: one person', (_, a, b) => {
    expect(
      same({ ...a, phone: '01709998877', who: '1' }, { ...b, phone: '01709998877', street: '3 oak street', who: '1' }),
    ).toBe(1);
  });
});

test('columns unknown to Kenal count as evidence', () => {
  const records = somePeople(13, 80).map(({ email: _, phone: __, ...record }) => record);
  const marked = records.map((record) => ({ ...record, member_badge: `B-${1_000 + Number(record.who) * 7}-X` }));
  const recallOf = (table: readonly TestRecord[]) => evaluate(linked(table).clusters, truthOf(table)).recall;
  expect(recallOf(marked)).toBeGreaterThan(recallOf(records));
  expect(linked(marked.slice(0, 60)).model.sources.find(({ name }) => name === 'member_badge')).toMatchObject({
    kind: 'code',
    identifies: true,
  });
});

test('columns are found by their own names only', () => {
  expect(columnsOf(somePeople(1, 3)).map(({ name }) => name)).not.toContain('who');
});
