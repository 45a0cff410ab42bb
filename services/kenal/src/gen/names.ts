import type { Region } from './phones.ts';
import { createRandom, type Random } from './random.ts';
import type { CultureId } from './records/cultures/culture.ts';
import { stockOf } from './records/cultures/stock.ts';

/** Names and places of one country, drawn once so that events cost no look-up. */
export interface NamePool {
  readonly region: Region;
  readonly language: string;
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly cities: readonly string[];
  readonly streets: readonly string[];
  /** How many people of this country live with one name only (common in Indonesia). */
  readonly singleNames: number;
  /** Share of customers. */
  readonly share: number;
}

const SIZE = 240;

const COUNTRIES: readonly { culture: CultureId; language: string; share: number }[] = [
  { culture: 'anglo', language: 'en-GB', share: 0.52 },
  { culture: 'indonesian', language: 'id-ID', share: 0.16 },
  { culture: 'american', language: 'en-US', share: 0.12 },
  { culture: 'german', language: 'de-DE', share: 0.08 },
  { culture: 'french', language: 'fr-FR', share: 0.07 },
  { culture: 'spanish', language: 'es-ES', share: 0.05 },
];
/** Streams of chance of their own: the people draw from others. */
const STREAM = 1_000_000;

/** @param seed the same names for the same seed */
export function createNamePools(seed: number): readonly NamePool[] {
  return COUNTRIES.map(({ culture, language, share }, index) => {
    const stock = stockOf(culture);
    const random = createRandom(seed, STREAM + index);
    const draw = (make: (random: Random) => string): string[] => Array.from({ length: SIZE }, () => make(random));
    return {
      ...{ region: stock.culture.region, language, share },
      singleNames: stock.culture.oneName ?? 0,
      given: draw(() => stock.given(random, random.chance(0.5) ? 'M' : 'F', random.int(1945, 2005))),
      family: draw(stock.family),
      cities: draw(() => stock.place(random).city),
      streets: draw(stock.street),
    };
  });
}
