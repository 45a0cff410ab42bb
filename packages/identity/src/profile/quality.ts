import { type JsonValue, MICROS_PER_DAY, type Micros, type WantedTrait } from '@kenal/contracts';
import type { ProfileView } from './view.ts';

/** How much of what is wanted of a profile is known, and how fresh that is. */
export interface ProfileQuality {
  /** Share of the wanted traits that it has, 0 to 1. */
  readonly completeness: number;
  /** Share of those it has that somebody said within their time, 0 to 1; null where it has none. */
  readonly freshness: number | null;
  /** Wanted traits that it has not. */
  readonly missing: readonly string[];
  /** Wanted traits that it has, said for the last time longer ago than `freshForDays`. */
  readonly stale: readonly string[];
}

/**
 * A wanted trait is known by a trait of one of its names that is not empty, or by an identifier of such a type. Its age
 * counts from when the value that holds was said last, or the identifier was seen last.
 */
export function qualityOf(
  { traitDetails, identifiers }: Pick<ProfileView, 'traitDetails' | 'identifiers'>,
  wanted: readonly WantedTrait[],
  now: Micros,
): ProfileQuality {
  const missing: string[] = [];
  const stale: string[] = [];
  for (const { trait, names, freshForDays } of wanted) {
    const times = names.flatMap((name) => {
      const detail = Object.hasOwn(traitDetails, name) ? traitDetails[name] : undefined;
      const said = detail === undefined || isEmpty(detail.value) ? [] : [detail.confirmedAt];
      return [...said, ...identifiers.filter(({ type }) => type === name).map(({ lastSeen }) => lastSeen)];
    });
    if (times.length === 0) missing.push(trait);
    else if (now - Math.max(...times) > freshForDays * MICROS_PER_DAY) stale.push(trait);
  }
  const known = wanted.length - missing.length;
  return {
    completeness: share(known, wanted.length),
    freshness: known === 0 ? null : share(known - stale.length, known),
    missing,
    stale,
  };
}

/** Blank text, an empty list or object: nothing that anybody could use. */
function isEmpty(value: JsonValue): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && (value === null || Object.keys(value).length === 0);
}

/** To three places. */
function share(part: number, whole: number): number {
  return Math.round((part / whole) * 1_000) / 1_000;
}
