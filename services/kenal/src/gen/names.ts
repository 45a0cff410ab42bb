import { base, de, en, en_GB, en_US, es, Faker, fr, id_ID, type LocaleDefinition } from '@faker-js/faker';
import type { Region } from './phones.ts';

/** Names and places of one country, drawn from faker once so that events cost no look-up. */
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

const COUNTRIES: readonly {
  region: Region;
  language: string;
  locale: LocaleDefinition;
  share: number;
  singleNames: number;
}[] = [
  { region: 'GB', language: 'en-GB', locale: en_GB, share: 0.52, singleNames: 0 },
  { region: 'ID', language: 'id-ID', locale: id_ID, share: 0.16, singleNames: 0.4 },
  { region: 'US', language: 'en-US', locale: en_US, share: 0.12, singleNames: 0 },
  { region: 'DE', language: 'de-DE', locale: de, share: 0.08, singleNames: 0 },
  { region: 'FR', language: 'fr-FR', locale: fr, share: 0.07, singleNames: 0 },
  { region: 'ES', language: 'es-ES', locale: es, share: 0.05, singleNames: 0 },
];

/** @param seed the same names for the same seed */
export function createNamePools(seed: number): readonly NamePool[] {
  return COUNTRIES.map(({ region, language, locale, share, singleNames }, index) => {
    const faker = new Faker({ locale: [locale, en, base], seed: seed + index });
    const draw = (make: () => string): string[] => Array.from({ length: SIZE }, make);
    return {
      region,
      language,
      singleNames,
      share,
      given: draw(() => faker.person.firstName()),
      family: draw(() => faker.person.lastName()),
      cities: draw(() => faker.location.city()),
      streets: draw(() => faker.location.street()),
    };
  });
}
