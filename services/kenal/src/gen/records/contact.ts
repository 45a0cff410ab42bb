import { MAIL_HOSTS } from '../people.ts';
import { makePhone, type Phone, type Region } from '../phones.ts';
import { plain } from '../plain.ts';
import type { Random } from '../random.ts';
import type { Name } from './name.ts';
import { randomOf, STREAMS } from './streams.ts';
import { createRanked, words } from './words.ts';

const HANDLES = words(
  'sunny blue star happy music tiger dragon lucky magic rocky coffee moon river panda ninja pixel green gamer silver shadow honey rainbow falcon wolf cookie skater hiker angler baker rider',
);
const host = createRanked(MAIL_HOSTS, 1);
const WORK = words(
  'works studio trade group office lab build consult media motors foods textile logistics garden print',
);

/**
 * The number that a household gives up one day: the company hands it out again, to somebody who asks for it by the
 * number of that household.
 */
export function formerNumber(seed: number, household: number, region: Region): Phone {
  return makePhone(randomOf(seed, STREAMS.number, household), region);
}

/**
 * An address like those that people choose. No two people get the same one: either it has the serial, or its host has.
 * @param serial digits that nobody else has, not beginning with 0
 */
export function makeEmail(random: Random, name: Name, birthYear: number, serial: string): string {
  if (random.chance(0.12)) return `${random.pick(HANDLES)}.${random.pick(HANDLES)}${serial}@${host(random)}`;
  const local = localOf(random, plain(name.given) || 'me', plain(name.line), birthYear);
  // james.smith@ stands before many hosts, as in real life: the same local part does not mean the same person
  if (random.chance(0.3)) return `${local}@${random.pick(WORK)}${serial}.example.com`;
  return `${local}${/\d$/.test(local) ? '.' : random.pick(['', '.', '_'])}${serial}@${host(random)}`;
}

function localOf(random: Random, given: string, family: string, birthYear: number): string {
  if (family === '') return random.chance(0.5) ? given : `${given}${birthYear}`;
  switch (random.int(1, 7)) {
    case 1:
    case 2:
    case 3:
      return `${given}.${family}`;
    case 4:
      return `${given.slice(0, 1)}${family}`;
    case 5:
      return `${family}.${given}`;
    case 6:
      return `${given}${String(birthYear).slice(2)}`;
    default:
      return `${given}_${family.slice(0, 1)}`;
  }
}

/** The same person at another host, often by the same local part. */
export function nextEmail(random: Random, old: string, name: Name, birthYear: number, serial: string): string {
  if (random.chance(0.6)) return makeEmail(random, name, birthYear, `0${random.int(1, 9)}${serial}`);
  return `${old.slice(0, old.indexOf('@'))}@post${serial}.example.org`;
}

/** The one address that a family reads together: `smith.family120@example.com`. */
export function familyEmail(random: Random, name: Name, serial: string): string {
  return `${plain(name.line || name.given)}.${random.pick(['family', 'home', 'house'])}${serial}@${host(random)}`;
}
