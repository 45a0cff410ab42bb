import type { Random } from '../../random.ts';
import { createDraw, createRanked, type Draw, words } from '../words.ts';
import { american } from './american.ts';
import { anglo } from './anglo.ts';
import { arabic } from './arabic.ts';
import { chinese } from './chinese.ts';
import type { Cohorts, Culture, CultureId } from './culture.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { indian } from './indian.ts';
import { indonesian } from './indonesian.ts';
import { russian } from './russian.ts';
import { spanish } from './spanish.ts';
import { turkish } from './turkish.ts';
import { vietnamese } from './vietnamese.ts';

const ALL: Readonly<Record<CultureId, Culture>> = {
  anglo,
  american,
  german,
  french,
  spanish,
  indonesian,
  arabic,
  russian,
  chinese,
  vietnamese,
  indian,
  turkish,
};

export type Sex = 'M' | 'F';

export interface Place {
  readonly city: string;
  readonly state: string;
  /** `LS# #@@`: `#` a digit, `@` a letter. */
  readonly postcode: string;
}

/** A culture ready to draw from. */
export interface Stock {
  readonly culture: Culture;
  given(random: Random, sex: Sex, birthYear: number): string;
  readonly family: Draw;
  /** A middle name, or '' where this person has none. */
  middle(random: Random, sex: Sex, birthYear: number): string;
  place(random: Random): Place;
  readonly street: Draw;
  readonly nicknames: ReadonlyMap<string, readonly string[]>;
  /** What to look for in a street, and what to write instead. */
  readonly abbreviations: readonly (readonly [long: string, short: readonly string[]])[];
}

const SMALL_TOWNS = 0.3;
const made = new Map<CultureId, Stock>();

export function stockOf(id: CultureId): Stock {
  const known = made.get(id);
  if (known !== undefined) return known;
  const stock = createStock(ALL[id]);
  made.set(id, stock);
  return stock;
}

function createStock(culture: Culture): Stock {
  const given = { M: givenNames(culture, 'men'), F: givenNames(culture, 'women') };
  const { middle } = culture;
  const middles = middle?.men &&
    middle.women && { M: createRanked(words(middle.men), 0.8), F: createRanked(words(middle.women), 0.8) };
  const kinds = createRanked(words(culture.streetKinds), 0.6);
  const streets = createRanked(words(culture.streets), 0.5);
  return {
    culture,
    given: (random, sex, year) => given[sex](random, year),
    family: createDraw(culture.family),
    middle: (random, sex, year) => {
      if (middle === undefined || !random.chance(middle.share)) return '';
      return middles ? middles[sex](random) : given[sex](random, year);
    },
    place: createPlaces(culture),
    street: (random) => kinds(random).replace('*', streets(random)),
    nicknames: new Map(pairs(culture.nicknames)),
    abbreviations: pairs(culture.abbreviations),
  };
}

function givenNames(culture: Culture, who: 'men' | 'women'): (random: Random, year: number) => string {
  const cohorts: Cohorts = culture[who];
  const parts = culture.givenParts?.[who];
  const draw = (frequent: string): Draw =>
    createDraw({
      frequent,
      skew: 0.7,
      ...(parts === undefined ? {} : { composed: culture.composedGiven ?? 0, start: parts[0], end: parts[1] }),
    });
  const [old, middle, young] = [draw(cohorts.old), draw(cohorts.middle), draw(cohorts.young)];
  return (random, year) => {
    // A name goes out of fashion over a generation: in 1950 half of the children have an old one, in 1965 hardly any.
    const roll = random.next();
    if (roll < fashion((1965 - year) / 30)) return old(random);
    return 1 - roll < fashion((year - 1965) / 30) ? young(random) : middle(random);
  };
}

function fashion(share: number): number {
  return Math.min(0.94, Math.max(0.03, share));
}

function createPlaces({ cities, towns }: Culture): (random: Random) => Place {
  const big = words(cities).map((text): Place => {
    const [city = '', state = '', postcode = ''] = text.split('/');
    return { city, state, postcode };
  });
  const city = createRanked(big, 1);
  const town = createDraw({ frequent: 'none', skew: 1, composed: 1, start: towns.start, end: towns.end });
  const pattern = words(towns.postcode)[0] as string;
  return (random) => {
    if (!random.chance(SMALL_TOWNS)) return city(random);
    const name = town(random);
    const { state } = big[hash(name) % big.length] as Place;
    return { city: name, state, postcode: fill(pattern, hash(name), 3) };
  };
}

/** `Robert:Bob,Rob William:Bill` → [Robert, [Bob, Rob]], [William, [Bill]] */
function pairs(text: string): (readonly [string, readonly string[]])[] {
  return words(text).map((entry) => {
    const [long = '', short = ''] = entry.split(':');
    return [long, short.split(',')] as const;
  });
}

/** FNV-1a, 31 bits. */
export function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 1;
}

/**
 * Put digits for `#` and letters for `@`, the same for the same number: `LS# #@@` → `LS7 4QT`.
 * @param most so many of them at most: the rest stays open, for streets of one town
 */
export function fill(pattern: string, number: number, most = Number.POSITIVE_INFINITY): string {
  let state = number;
  let done = 0;
  return pattern.replace(/[#@]/g, (open) => {
    if (done++ >= most) return open;
    state = (Math.imul(state, 0x41c64e6d) + 12_345) >>> 0;
    const part = (state >>> 12) & 0xffff;
    return open === '#' ? String(part % 10) : ('ABDEFGHJLNPQRSTUWXYZ'[part % 20] as string);
  });
}
