import type { Random } from '../random.ts';
import { type Sex, type Stock, stockOf } from './cultures/stock.ts';
import { makeName, married, type Name } from './name.ts';
import type { BirthDate } from './person.ts';
import type { World } from './world.ts';

/** Somebody of a household, before contacts and addresses. */
export interface Member {
  readonly stock: Stock;
  readonly sex: Sex;
  readonly birth: BirthDate;
  readonly names: readonly Name[];
  readonly role: 'adult' | 'child';
}

const TWINS = 0.08;
/** Twins whose names begin alike. */
const ALIKE_TWINS = 0.4;
const JUNIORS = 0.08;
const MIXED_COUPLES = 0.08;
/** The last birth year of children, past that of the grown-ups. */
const YOUNGER = 12;
const MOST_CHILDREN = 6;

export function drawSingle(world: World, random: Random, stock: Stock): Member {
  const sex: Sex = random.chance(0.5) ? 'M' : 'F';
  const birth = drawBirth(random, random.int(...world.profile.born));
  const name = makeName(random, stock, sex, birth.year);
  const names = random.chance(world.profile.changes.name * (sex === 'F' ? 1 : 0.1))
    ? wed(random, stock, sex, name)
    : [name];
  return { stock, sex, birth, names, role: 'adult' };
}

/** Husband and wife; she often has his name, and had another one before. */
export function drawCouple(world: World, random: Random, stock: Stock): readonly [Member, Member] {
  const [from, to] = world.profile.born;
  const year = random.int(from, to);
  const husband: Member = {
    ...{ stock, sex: 'M', birth: drawBirth(random, year), role: 'adult' },
    names: [makeName(random, stock, 'M', year)],
  };
  const hers = random.chance(MIXED_COUPLES) ? stockOf(world.cultures(random)) : stock;
  const birth = drawBirth(random, Math.min(to, Math.max(from, year + random.int(-4, 6))));
  const maiden = makeName(random, hers, 'F', birth.year);
  const takes = random.chance(stock.culture.takesName);
  const after = takes ? married(stock, 'F', maiden, husband.names[0] as Name) : maiden;
  // Who was married long before the first record has never been seen under the maiden name
  const names = takes && random.chance(world.profile.changes.name) ? [maiden, after] : [after];
  return [husband, { stock: hers, sex: 'F', birth, names, role: 'adult' }];
}

/** Children of a couple: twins now and then, sons who have the name of their father. */
export function drawChildren(world: World, random: Random, [father, mother]: readonly [Member, Member]): Member[] {
  const { stock } = father;
  const wanted = Math.min(MOST_CHILDREN, 1 + Math.floor(random.exponential(1.1)));
  const parents = { father: father.names.at(-1) as Name, mother: mother.names[0] as Name };
  const children: Member[] = [];
  let year = mother.birth.year + random.int(20, 32);
  while (children.length < wanted && year <= world.profile.born[1] + YOUNGER) {
    const birth = drawBirth(random, year);
    const twins = random.chance(TWINS) ? 2 : 1;
    for (let born = 0; born < twins; born += 1) {
      const sex: Sex = random.chance(0.51) ? 'M' : 'F';
      const twin = born === 1 && random.chance(ALIKE_TWINS) ? children.at(-1)?.names[0]?.given[0] : undefined;
      const name = nameUnlike(children, twin, () => makeName(random, stock, sex, year, parents));
      const names = marriageOf(world, random, stock, sex, childNamed(random, name, sex, parents.father, children));
      children.push({ stock, sex, birth, names, role: 'child' });
    }
    year += random.int(1, 5);
  }
  return children;
}

function childNamed(random: Random, name: Name, sex: Sex, father: Name, before: readonly Member[]): Name {
  const taken = before.some(({ names }) => names[0]?.suffix === 'Jr');
  if (sex === 'F' || taken || !random.chance(JUNIORS)) return name;
  return { ...name, given: father.given, middle: name.middle === '' ? '' : father.middle, suffix: 'Jr' };
}

/** Brothers and sisters have different names. @param letter that it begins with where possible: Lena and Lea */
function nameUnlike(children: readonly Member[], letter: string | undefined, make: () => Name): Name {
  for (let tries = 0; ; tries += 1) {
    const name = make();
    const fits = letter === undefined || tries > 12 || name.given.startsWith(letter);
    if (tries > 24 || (fits && children.every(({ names }) => names[0]?.given !== name.given))) return name;
  }
}

function marriageOf(world: World, random: Random, stock: Stock, sex: Sex, name: Name): readonly Name[] {
  const chance = world.profile.changes.name * stock.culture.takesName;
  return sex === 'F' && random.chance(chance) ? wed(random, stock, sex, name) : [name];
}

function wed(random: Random, stock: Stock, sex: Sex, name: Name): readonly Name[] {
  return [name, married(stock, sex, name, makeName(random, stock, 'M', 1970))];
}

function drawBirth(random: Random, year: number): BirthDate {
  const month = random.int(1, 12);
  return { year, month, day: random.int(1, new Date(Date.UTC(2000, month, 0)).getUTCDate()) };
}
