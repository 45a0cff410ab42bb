import type { TraitRegister } from '../evidence/component.ts';
import { compareLength } from '../evidence/longest.ts';
import { compareStamps, NOTHING_SAID, type Stamp } from '../evidence/span.ts';
import { compareText } from '../rules.ts';
import type { TraitRule } from './trait-rules.ts';

/** What a source said of a trait, and when. */
export interface Word {
  readonly stamp: Stamp;
  readonly source: string;
}

/**
 * The word on a trait that holds. A function of the set of registers: their order and division do not matter.
 *
 * Null is a word too: it says that there is none. Where the newest word of all is null, nothing holds until somebody says a
 * value again. By source priority each source speaks for itself: its null withdraws what that source said, and the next
 * source's word holds, for a CRM that sends null for every empty field must not silence the others.
 * @param registers of one trait, at least one; from any owners and sources
 * @returns null where nothing holds
 */
export function survivorOf(registers: readonly TraitRegister[], rule: TraitRule): Word | null {
  if (rule.survivorship === 'source_priority') return mostTrusted(registers, rule);
  const newest = newestOf(registers);
  if (newest === null || rule.survivorship === 'newest') return newest;
  const words = registers.flatMap(bothWords).filter(({ stamp }) => stamp.value !== NOTHING_SAID);
  if (rule.survivorship === 'oldest') return best(words, (a, b) => compareWords(b, a));
  return best(words, (a, b) => compareLength(a.stamp, b.stamp) || compareText(a.source, b.source));
}

/** The newest word of the most trusted source that has one; sources of one rank speak with one voice. */
function mostTrusted(registers: readonly TraitRegister[], rule: TraitRule): Word | null {
  const byRank = Map.groupBy(registers, ({ source }) => rule.rankOf(source));
  for (const rank of [...byRank.keys()].sort((a, b) => a - b)) {
    const word = newestOf(byRank.get(rank) ?? []);
    if (word !== null) return word;
  }
  return null;
}

/** The last word of all, null where it takes the trait away. */
function newestOf(registers: readonly TraitRegister[]): Word | null {
  let newest: TraitRegister | null = null;
  for (const register of registers) {
    const later =
      newest === null ||
      (compareStamps(register.span.last, newest.span.last) || compareText(register.source, newest.source)) > 0;
    if (later) newest = register;
  }
  if (newest === null || newest.span.last.value === NOTHING_SAID) return null;
  return { stamp: newest.span.last, source: newest.source };
}

function bothWords({ source, span }: TraitRegister): readonly Word[] {
  return [
    { stamp: span.first, source },
    { stamp: span.last, source },
  ];
}

function compareWords(a: Word, b: Word): number {
  return compareStamps(a.stamp, b.stamp) || compareText(a.source, b.source);
}

function best(words: readonly Word[], compare: (a: Word, b: Word) => number): Word | null {
  let found: Word | null = null;
  for (const word of words) if (found === null || compare(word, found) > 0) found = word;
  return found;
}
