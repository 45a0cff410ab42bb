import type { Phone } from '../phones.ts';
import type { Address } from './address.ts';
import type { Sex, Stock } from './cultures/stock.ts';
import type { Name } from './name.ts';

/**
 * What is true of one person through life. Lists go from the first to the last that was true; a record shows the one of
 * its time.
 */
export interface Person {
  /** `p12-3`: member 3 of household 12. */
  readonly id: string;
  readonly stock: Stock;
  readonly sex: Sex;
  readonly gender: string;
  readonly birth: BirthDate;
  readonly names: readonly Name[];
  readonly homes: readonly Address[];
  /** Empty where the person never gave one; the same goes for all that follow. */
  readonly phones: readonly Phone[];
  readonly emails: readonly string[];
  readonly occupations: readonly string[];
  readonly birthPlace: string;
  /** '' where there is none. */
  readonly nationalId: string;
}

export interface BirthDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** 1980-12-31 */
export function isoDate({ year, month, day }: BirthDate): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
