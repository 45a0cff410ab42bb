import { linkRecords } from './link.ts';
import { createChance } from './random.ts';
import { COLUMN_KINDS, type Column, createColumn } from './table.ts';

/** A record of a test: column → cell; `who` is the truth and no column. */
export type TestRecord = Readonly<Record<string, string>>;

const IDENTIFIERS = new Set(['email', 'phone', 'passport', 'soc_sec_id']);

export function columnsOf(records: readonly TestRecord[]): readonly Column[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].filter((name) => name !== 'who').sort();
  return names.map((name) => {
    const column = createColumn(name, IDENTIFIERS.has(name) ? COLUMN_KINDS.identifier : COLUMN_KINDS.trait);
    for (const record of records) column.add(record[name] ?? '');
    return column.build();
  });
}

export function linked(records: readonly TestRecord[]) {
  return linkRecords(columnsOf(records), records.length, { seed: 1 });
}

/** Groups of row numbers, each and all in ascending order. */
export function groupsOf(clusters: Int32Array): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  clusters.forEach((cluster, row) => void groups.set(cluster, [...(groups.get(cluster) ?? []), row]));
  return [...groups.values()];
}

const GIVEN =
  'anna ben carla dimitri elena farid greta hugo ines jamal karin lars mira nils olga pablo quinn rosa sven tara umar vera wim xenia yusuf zoe'.split(
    ' ',
  );
const SYLLABLES = 'ba ker lin mo sen tar vel dor rug nis pol han wek sil tov gra mun fel zan rid'.split(' ');
const STREETS = 'oak mill church station park river hill garden castle bridge'.split(' ');
const TOWNS = 'bonn kiel ulm jena hof celle trier gera soest lemgo'.split(' ');

/**
 * People with one to four records each, a quarter of whose cells are missing or misspelt.
 * @param count people
 */
export function somePeople(seed: number, count: number): readonly TestRecord[] {
  const chance = createChance(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(chance() * list.length)]!;
  const digits = (length: number): string => String(Math.floor(chance() * 10 ** length)).padStart(length, '1');
  return Array.from({ length: count }, (_, who) => {
    const family = pick(SYLLABLES) + pick(SYLLABLES) + pick(SYLLABLES);
    const given = pick(GIVEN);
    const day = String(1 + Math.floor(chance() * 28)).padStart(2, '0');
    const person = {
      ...{
        given_name: given,
        family_name: family,
        birth_date: `19${digits(2)}-0${1 + Math.floor(chance() * 9)}-${day}`,
      },
      ...{ email: `${given}.${family}${digits(2)}@example.org`, phone: `0170${digits(7)}` },
      ...{ street: `${1 + Math.floor(chance() * 90)} ${pick(STREETS)} street`, city: pick(TOWNS), postcode: digits(5) },
    };
    return Array.from({ length: 1 + Math.floor(chance() * 4) }, () => ({ ...worn(person, chance), who: String(who) }));
  }).flat();
}

function worn(person: TestRecord, chance: () => number): TestRecord {
  const cells = Object.entries(person).map(([name, value]) => {
    const fate = chance();
    if (fate < 0.12) return [name, ''];
    const at = Math.floor(chance() * (value.length - 1));
    return [name, fate < 0.25 ? value.slice(0, at) + value[at + 1] + value[at] + value.slice(at + 2) : value];
  });
  return Object.fromEntries(cells);
}

export function truthOf(records: readonly TestRecord[]): Int32Array {
  return Int32Array.from(records, ({ who }) => Number(who));
}

/**
 * Homes of four with one address, telephone and mailbox: a couple, and two children who are twins in one home of eight;
 * one son of five has his father's name. Birthdays are missing now and then.
 * @param doubles one of so many people has a second record, with a slip in the street
 */
export function someFamilies(seed: number, homes: number, doubles: number): readonly TestRecord[] {
  const chance = createChance(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(chance() * list.length)]!;
  const digits = (length: number): string => String(Math.floor(chance() * 10 ** length)).padStart(length, '1');
  const birthday = (from: number): string =>
    `${from + Math.floor(chance() * 25)}-${11 + Math.floor(chance() * 2)}-${10 + Math.floor(chance() * 18)}`;
  const records: TestRecord[] = [];
  for (let home = 0; home < homes; home += 1) {
    const family_name = pick(SYLLABLES) + pick(SYLLABLES);
    const town = Math.floor(chance() * TOWNS.length);
    const shared = {
      ...{ family_name, street: `${1 + Math.floor(chance() * 90)} ${pick(STREETS)} street`, city: TOWNS[town]! },
      ...{
        postcode: `${town}${digits(2)}`,
        phone: `0170${digits(7)}`,
        email: `${family_name}${digits(3)}@example.org`,
      },
    };
    const father = pick(GIVEN);
    const child = birthday(1990);
    const members = [
      { given_name: father, birth_date: birthday(1955) },
      { given_name: pick(GIVEN), birth_date: birthday(1955) },
      { given_name: chance() < 0.2 ? father : pick(GIVEN), birth_date: child },
      { given_name: pick(GIVEN), birth_date: chance() < 0.125 ? child : birthday(1990) },
    ];
    for (const [i, member] of members.entries()) {
      const own = chance() < 0.5 ? { phone: `0170${digits(7)}` } : {};
      const record = { ...shared, ...own, ...member, who: String(home * members.length + i) };
      const seen = (): TestRecord => (chance() < 0.06 ? { ...record, birth_date: '' } : record);
      records.push(seen());
      if (chance() * doubles < 1) records.push({ ...seen(), street: record.street.replace('e', '') });
    }
  }
  return records;
}
