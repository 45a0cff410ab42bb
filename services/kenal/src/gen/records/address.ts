import type { Random } from '../random.ts';
import type { CultureId } from './cultures/culture.ts';
import { fill, hash, type Stock, stockOf } from './cultures/stock.ts';
import { randomOf, STREAMS } from './streams.ts';

export interface Address {
  readonly stock: Stock;
  readonly number: string;
  /** '' where one household has the house. */
  readonly flat: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  readonly country: string;
}

export type DrawCulture = (random: Random) => CultureId;

/** Neighbouring households that may live in one house with flats. */
const FLATS = 6;
const HOUSES_WITH_FLATS = 0.2;
/** Postcodes of one street: neighbours on it mostly share theirs. */
const HOUSES_PER_POSTCODE = 40;

/** Where a household lives, by its number: anybody can ask for anybody's address without keeping it. */
export function addressOf(seed: number, household: number, cultures: DrawCulture): Address {
  const block = Math.floor(household / FLATS);
  const shared = randomOf(seed, STREAMS.block, block).chance(HOUSES_WITH_FLATS);
  const building = shared ? block * FLATS : household;
  const flat = shared ? String((household % FLATS) + 1) : '';
  return buildingAt(randomOf(seed, STREAMS.building, building), cultures, flat);
}

/** A house somewhere. */
export function buildingAt(random: Random, cultures: DrawCulture, flat = ''): Address {
  const stock = stockOf(cultures(random));
  const { city, state, postcode } = stock.place(random);
  const street = stock.street(random);
  const number = Math.max(1, Math.round(random.logNormal(28, 1)));
  const district = hash(street) + Math.floor(number / HOUSES_PER_POSTCODE);
  const letter = random.chance(0.05) ? random.pick(['a', 'b', 'c']) : '';
  return {
    stock,
    number: `${number}${letter}`,
    flat,
    street,
    city,
    state,
    postcode: fill(postcode, district),
    country: stock.culture.country,
  };
}
