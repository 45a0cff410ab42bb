import { expect, test } from 'vitest';
import { CULTURES } from './cultures/culture.ts';
import { makeHousehold } from './household.ts';
import { isoDate, type Person } from './person.ts';
import { PROFILES } from './profiles.ts';
import { householdOf } from './testing.ts';
import type { World } from './world.ts';

const world: World = {
  seed: 7,
  profile: PROFILES.typical,
  cultures: (random) => random.pick(CULTURES.filter((id) => id !== 'indonesian')),
};
const households = Array.from({ length: 4_000 }, (_, index) => makeHousehold(world, index));
const people = households.flat();
const several = households.filter((members) => members.length > 1);

const share = <T>(all: readonly T[], is: (one: T) => boolean): number => all.filter(is).length / all.length;
const place = ({ homes }: Person): string => {
  const { number, street, city, postcode } = homes[0]!;
  return [number, street, city, postcode].join('|');
};
const lines = ({ names }: Person): string[] => names.map(({ line }) => line);
const common = (members: readonly Person[], of: (person: Person) => readonly string[]): boolean =>
  members.some((a, at) => members.slice(at + 1).some((b) => of(a).some((value) => of(b).includes(value))));

test('a household is the same whatever else is asked for', () => {
  expect(makeHousehold(world, 1_234)).toEqual(households[1_234]);
});

test('a household lives at one address, and mostly has one family name; some are co-tenants with several', () => {
  expect(several.every((members) => new Set(members.map(place)).size === 1)).toBe(true);
  const oneName = share(several, (members) => common(members, lines));
  expect(oneName).toBeGreaterThan(0.5);
  expect(oneName).toBeLessThan(0.9);
});

test('families share a phone number, and a mailbox', () => {
  expect(share(several, (members) => common(members, (one) => one.phones.map(({ e164 }) => e164)))).toBeGreaterThan(
    0.15,
  );
  expect(share(several, (members) => common(members, (one) => one.emails))).toBeGreaterThan(0.05);
});

test('there are twins: one birth date, one family name, two given names', () => {
  const twins = several.flatMap((members) =>
    members.flatMap((a, at) =>
      members
        .slice(at + 1)
        .filter((b) => isoDate(a.birth) === isoDate(b.birth))
        .map((b) => [a, b] as const),
    ),
  );
  expect(twins.length).toBeGreaterThan(50);
  for (const [a, b] of twins) expect(a.names[0]!.given).not.toBe(b.names[0]!.given);
  expect(twins.filter(([a, b]) => a.names[0]!.given[0] === b.names[0]!.given[0]).length).toBeGreaterThan(15);
});

test('there are fathers and sons of one name, told apart by Sr and Jr and a generation', () => {
  const juniors = several.filter((members) => members.some(({ names }) => names[0]!.suffix === 'Jr'));
  expect(juniors.length).toBeGreaterThan(20);
  for (const members of juniors) {
    const father = members.find(({ names }) => names[0]!.suffix === 'Sr')!;
    const son = members.find(({ names }) => names[0]!.suffix === 'Jr')!;
    expect(son.names[0]!.given).toBe(father.names[0]!.given);
    expect(son.birth.year - father.birth.year).toBeGreaterThan(12);
  }
});

test('people move, some into a house where others lived; some marry and take another name', () => {
  expect(share(people, ({ homes }) => homes.length > 1)).toBeGreaterThan(0.2);
  expect(share(people, ({ names }) => names.length > 1 && names[0]!.family !== names[1]!.family)).toBeGreaterThan(0.02);
  const tenants = Map.groupBy(households, (members) => place({ ...members[0]!, homes: [members[0]!.homes.at(-1)!] }));
  const former = households.filter((members) => {
    const others = members[0]!.homes.length > 1 ? (tenants.get(place(members[0]!)) ?? []) : [];
    return others.some((other) => other !== members);
  });
  expect(former.length).toBeGreaterThan(100);
});

test('some phone numbers belonged to somebody of another household before', () => {
  const owners = new Map<string, Set<string>>();
  for (const { id, phones } of people)
    for (const { e164 } of phones) owners.set(e164, (owners.get(e164) ?? new Set()).add(householdOf(id)));
  const handedOn = [...owners.values()].filter((of) => of.size > 1).length;
  expect(handedOn).toBeGreaterThan(30);
  expect(handedOn / owners.size).toBeLessThan(0.05);
});

test('neighbours in a house with flats have one address', () => {
  const houses = Map.groupBy(households, (members) => place({ ...members[0]!, homes: [members[0]!.homes.at(-1)!] }));
  expect([...houses.values()].filter((inside) => inside.length >= 3).length).toBeGreaterThan(40);
});
