import type { TraitsConfig } from './config.ts';

/** A fact that a profile should have. */
export interface WantedTrait {
  readonly trait: string;
  /** Traits that tell it, and types of identifiers that do; the first one is `trait` itself. */
  readonly names: readonly string[];
  /** Older than so many days it is stale. */
  readonly freshForDays: number;
}

const YEAR = 365;
const FOR_LIFE = 100 * YEAR;

/** What is wanted of a profile where the workspace declares nothing, under the names that clients and CRM files give it. */
const DEFAULT_WANTED: readonly WantedTrait[] = [
  {
    trait: 'name',
    names: ['name', 'full_name', 'fullName', 'first_name', 'firstName', 'given_name'],
    freshForDays: YEAR,
  },
  { trait: 'email', names: ['email'], freshForDays: YEAR },
  { trait: 'phone', names: ['phone'], freshForDays: YEAR },
  { trait: 'address', names: ['address', 'street'], freshForDays: YEAR },
  {
    trait: 'birthday',
    names: ['birthday', 'birth_date', 'birthDate', 'date_of_birth', 'dateOfBirth'],
    freshForDays: FOR_LIFE,
  },
];

/** @param config `traits` of a workspace. @returns what is required, or the default list where nothing is */
export function wantedTraits(config: TraitsConfig): readonly WantedTrait[] {
  const wanted = Object.entries(config)
    .filter(([, { required }]) => required)
    .map(([trait, { freshForDays }]) => ({ trait, names: [trait], freshForDays }));
  return wanted.length > 0 ? wanted : DEFAULT_WANTED;
}
