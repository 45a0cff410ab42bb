import type { Phone } from '../phones.ts';
import { makePhone } from '../phones.ts';
import type { Random } from '../random.ts';
import { type Address, addressOf, buildingAt } from './address.ts';
import { familyEmail, formerNumber, makeEmail, nextEmail } from './contact.ts';
import { fill, type Stock, stockOf } from './cultures/stock.ts';
import { drawChildren, drawCouple, drawSingle, type Member } from './family.ts';
import type { Name } from './name.ts';
import { HISTORICAL_OCCUPATIONS, OCCUPATIONS } from './occupations.ts';
import type { Person } from './person.ts';
import { randomOf, STREAMS } from './streams.ts';
import { createRanked } from './words.ts';
import { poisson, type World } from './world.ts';

const MIGRANTS = 0.12;
const CO_TENANTS = 0.15;
const COUPLES = 0.3;
/** Contacts: who has one of their own, else they give that of the household. */
const OWN_PHONE = { adult: 0.75, child: 0.3 };
const OWN_EMAIL = { adult: 0.78, child: 0.35 };
const FAMILY_EMAIL = 0.4;
const HANDED_ON = 0.04;
const LEFT_HOME = 0.4;
const HAVE_NATIONAL_ID = 0.4;
const BORN_WHERE_THEY_LIVE = 0.55;

const occupation = createRanked(OCCUPATIONS, 0.6);
const calling = createRanked(HISTORICAL_OCCUPATIONS, 0.7);

/** What the members of a household share. */
interface Home {
  readonly world: World;
  readonly random: Random;
  readonly index: number;
  readonly homes: readonly Address[];
  readonly phone: Phone;
  /** '' where everybody has an address of their own, or none. */
  readonly email: string;
}

/** The people of one household, by its number: the same whatever other households are asked for. */
export function makeHousehold(world: World, index: number): readonly Person[] {
  const random = randomOf(world.seed, STREAMS.household, index);
  const address = addressOf(world.seed, index, world.cultures);
  const stock = random.chance(MIGRANTS) ? stockOf(world.cultures(random)) : address.stock;
  const members = drawMembers(world, random, stock);
  const first = members[0] as Member;
  const alone = members.length === 1;
  const home: Home = {
    ...{ world, random, index },
    homes: [...formerHomes(world, random, index, address), address],
    phone: makePhone(random, address.stock.culture.region),
    email: !alone && random.chance(FAMILY_EMAIL) ? familyEmail(random, first.names[0] as Name, `${index + 1}9`) : '',
  };
  return members.map((member, at) => makePerson(home, member, at));
}

function drawMembers(world: World, random: Random, stock: Stock): readonly Member[] {
  if (!random.chance(world.profile.families)) return [drawSingle(world, random, stock)];
  const roll = random.next();
  if (roll < CO_TENANTS) {
    const tenants = Array.from({ length: random.int(2, 4) }, () =>
      drawSingle(world, random, random.chance(0.7) ? stock : stockOf(world.cultures(random))),
    );
    return tenants;
  }
  const couple = drawCouple(world, random, stock);
  if (roll < CO_TENANTS + COUPLES) return couple;
  const children = drawChildren(world, random, couple);
  const junior = children.some(({ names }) => names[0]?.suffix === 'Jr');
  const [father, mother] = couple;
  const senior = junior ? { ...father, names: father.names.map((name) => ({ ...name, suffix: 'Sr' })) } : father;
  return [senior, mother, ...children];
}

function formerHomes(world: World, random: Random, index: number, now: Address): Address[] {
  return Array.from({ length: poisson(random, world.profile.changes.home) }, () => {
    // Somebody else of this file lives there now: an address is no proof
    if (index > 0 && random.chance(0.3)) return addressOf(world.seed, neighbour(random, index), world.cultures);
    return buildingAt(random, random.chance(0.9) ? () => now.stock.culture.id : world.cultures);
  });
}

function neighbour(random: Random, index: number): number {
  return index - random.int(1, Math.min(index, 100));
}

function makePerson(home: Home, member: Member, at: number): Person {
  const { world, random, index } = home;
  const { profile } = world;
  const { birth, role, sex, stock } = member;
  const serial = `${index + 1}${at}`;
  const left = role === 'child' && birth.year < profile.born[1] - 8 && random.chance(LEFT_HOME);
  const homes = left ? [...home.homes, buildingAt(random, () => stock.culture.id)] : home.homes;
  const now = homes.at(-1) as Address;
  const birthPlace = random.chance(BORN_WHERE_THEY_LIVE) ? now.city : stock.place(random).city;
  const draw = profile.historical ? calling : occupation;
  const works = role === 'adult' || birth.year <= profile.born[1];
  return {
    id: `p${index}-${at}`,
    ...{ stock, sex, birth, homes, birthPlace },
    names: member.names,
    gender: random.chance(0.003) ? 'X' : sex,
    phones: phonesOf(home, member, at, now),
    emails: emailsOf(home, member, serial),
    occupations: works
      ? Array.from({ length: 1 + poisson(random, profile.changes.occupation) }, () => draw(random))
      : ['student'],
    nationalId: random.chance(HAVE_NATIONAL_ID)
      ? fill(stock.culture.nationalId, random.int(1, 0x7fff_ffff)).replace(/^0/, '1')
      : '',
  };
}

function phonesOf({ world, random, index, phone }: Home, { role }: Member, at: number, now: Address): readonly Phone[] {
  const { region } = now.stock.culture;
  if (!random.chance(OWN_PHONE[role])) return [phone];
  const numbers: Phone[] = [];
  for (let before = poisson(random, world.profile.changes.phone); before > 0; before -= 1)
    numbers.push(
      at === 0 && numbers.length === 0 ? formerNumber(world.seed, index, region) : makePhone(random, region),
    );
  if (index === 0 || !random.chance(HANDED_ON)) return [...numbers, makePhone(random, region)];
  const other = neighbour(random, index);
  const there = addressOf(world.seed, other, world.cultures).stock.culture.region;
  return [...numbers, formerNumber(world.seed, other, there)];
}

function emailsOf({ world, random, email }: Home, { birth, names, role }: Member, serial: string): readonly string[] {
  if (!random.chance(OWN_EMAIL[role])) return email === '' ? [] : [email];
  const name = names[0] as Name;
  const own = [makeEmail(random, name, birth.year, serial)];
  for (let more = poisson(random, world.profile.changes.email); more > 0; more -= 1)
    own.push(nextEmail(random, own.at(-1) as string, names.at(-1) as Name, birth.year, serial));
  return own;
}
