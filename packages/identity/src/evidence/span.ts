import type { Micros } from '@kenal/contracts';
import { compareText } from '../rules.ts';

/** One event's word on something: when, which event, and what it said ('' where only the sighting counts). */
export interface Stamp {
  readonly at: Micros;
  readonly id: string;
  readonly value: string;
}

/** The fold of any number of stamps: its two ends. Merging is commutative, associative and idempotent. */
export interface Span {
  readonly first: Stamp;
  readonly last: Stamp;
}

/** How the last of two stamps of the same instant is chosen, per kind of evidence. */
export type Merge = (a: Span, b: Span) => Span;

/** Span of a single event. */
export function spanOf(at: Micros, id: string, value = ''): Span {
  const stamp = { at, id, value };
  return { first: stamp, last: stamp };
}

/** Sightings and links: of two events of one instant the smaller id stands at either end. */
export function mergeSightings(a: Span, b: Span): Span {
  const late = a.last.at - b.last.at || compareText(b.last.id, a.last.id);
  return { first: compareStamps(a.first, b.first) <= 0 ? a.first : b.first, last: late >= 0 ? a.last : b.last };
}

/** JSON text of a trait that is taken away. */
export const NOTHING_SAID = 'null';

/**
 * Trait registers: ordered by (time, event id), so of two events of one instant the greater id is the newer. The first is
 * the oldest that gave a value; null stands there only as long as there is none.
 */
export function mergeRegisters(a: Span, b: Span): Span {
  const nulls = Number(a.first.value === NOTHING_SAID) - Number(b.first.value === NOTHING_SAID);
  return {
    first: (nulls || compareStamps(a.first, b.first)) <= 0 ? a.first : b.first,
    last: compareStamps(a.last, b.last) >= 0 ? a.last : b.last,
  };
}

/** Spellings: only the first counts, so that a further sighting writes nothing. */
export function mergeFirst(a: Span, b: Span): Span {
  const first = compareStamps(a.first, b.first) <= 0 ? a.first : b.first;
  return { first, last: first };
}

/** Decisions and consent: only the last word counts. */
export function mergeLast(a: Span, b: Span): Span {
  const last = compareStamps(a.last, b.last) >= 0 ? a.last : b.last;
  return { first: last, last };
}

/** A set cut to its smallest members is the same in whatever order they come. */
const MOST_NAMES = 64;

/** Hashes in order, with commas: those of both. */
export function mergeNames(a: Span, b: Span): Span {
  const hashes = new Set([...a.first.value.split(','), ...b.first.value.split(',')]);
  return spanOf(0, '', [...hashes].sort().slice(0, MOST_NAMES).join(','));
}

/** By time, event id, value: the value only where one event came with two contents. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.at - b.at || compareText(a.id, b.id) || compareText(a.value, b.value);
}
