import type { JsonValue } from '@kenal/contracts';
import { parseDate } from '../linkage/fields/dates.ts';
import { fold, saysNothing } from '../linkage/text/fold.ts';
import { hashText } from '../profile/hash.ts';

const GIVEN_NAMES = ['given_name', 'first_name', 'firstName', 'firstname', 'givenName'];
const BIRTH_DATES = ['birth_date', 'birthDate', 'birthday', 'date_of_birth', 'dateOfBirth', 'birthdate', 'dob'];

/** Given name and birth date as one short hash, or null where one of them is missing: `Ann`, `1980-02-01` → `k3x9…`. */
export function hashOfPerson(traits: Readonly<Record<string, JsonValue>>): string | null {
  const birth = textOf(traits, BIRTH_DATES);
  const given = birth === null ? null : textOf(traits, GIVEN_NAMES);
  if (birth === null || given === null) return null;
  const name = fold(given);
  const date = parseDate(birth, true);
  return date === null || saysNothing(name) ? null : hashText(`${name} ${date.digits}`);
}

function textOf(traits: Readonly<Record<string, JsonValue>>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(traits, name) ? traits[name] : null;
    if (typeof value === 'string') return value;
  }
  return null;
}
