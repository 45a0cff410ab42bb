import { spellPhone } from '../phones.ts';
import type { Random } from '../random.ts';
import { damage, drawError, FACTS, type Facts, type Plans } from './errors/damage.ts';
import { abbreviate } from './errors/habits.ts';
import { drawWay, fullName } from './full-name.ts';
import type { Name } from './name.ts';
import { isoDate, type Person } from './person.ts';
import type { RecordSource } from './profile.ts';
import type { World } from './world.ts';

/** A line of the file before it has its id. */
export interface PersonRecord {
  /** Whose it is: `Person.id`. */
  readonly truth: string;
  /** Id of the list that it comes from. */
  readonly source: string;
  readonly facts: Readonly<Facts>;
}

/**
 * Write down what was true of a person at some time of life, as one source does it, with what goes wrong on the way.
 * What is true and what goes wrong come from two sequences of chance, so the same records can be had without faults.
 */
export function makeRecord(
  { profile }: World,
  person: Person,
  source: RecordSource,
  plans: Plans,
  random: Random,
  mishaps: Random,
): PersonRecord {
  const at = random.next();
  const name = during(person.names, at) as Name;
  const facts = factsOf(person, name, at, random);
  const way = drawWay(random, profile.reordered);
  const { culture } = person.stock;
  for (const fact of FACTS) {
    if (fact === 'full_name')
      facts.full_name = fullName(culture, { ...name, given: facts.given_name, family: facts.family_name }, way);
    const kind = drawError(plans, fact, mishaps);
    if (kind !== null) damage(kind, fact, facts, fact === 'street' ? homeOf(person, at).stock : person.stock, mishaps);
  }
  if (source.abbreviates) facts.street = abbreviate(facts.street, mishaps, homeOf(person, at).stock) ?? facts.street;
  if (source.dayFirst) facts.birth_date = facts.birth_date.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1');
  if (source.capitals) inCapitals(facts);
  return { truth: person.id, source: source.id, facts };
}

function factsOf(person: Person, name: Name, at: number, random: Random): Facts {
  const home = homeOf(person, at);
  const phone = during(person.phones, at);
  const { region } = home.stock.culture;
  const flat = home.flat !== '' && random.chance(0.5) ? `/${home.flat}` : '';
  return {
    given_name: name.given,
    family_name: name.family,
    full_name: '',
    birth_date: isoDate(person.birth),
    gender: person.gender,
    email: during(person.emails, at) ?? '',
    phone: phone === undefined ? '' : spellPhone(random, phone, region),
    street_number: `${home.number}${flat}`,
    street: home.street,
    city: home.city,
    postcode: home.postcode,
    state: home.state,
    country: home.country,
    occupation: during(person.occupations, at) ?? '',
    birth_place: person.birthPlace,
    national_id: person.nationalId,
  };
}

function homeOf(person: Person, at: number): Person['homes'][number] {
  return during(person.homes, at) as Person['homes'][number];
}

/** What was true at that time: 0 is the first day that there are records of, 1 the last. */
function during<T>(list: readonly T[], at: number): T | undefined {
  return list[Math.floor(at * list.length)];
}

function inCapitals(facts: Facts): void {
  for (const fact of ['given_name', 'family_name', 'full_name', 'street', 'city', 'birth_place'] as const)
    facts[fact] = facts[fact].toUpperCase();
}
