import { LEAST_BUYERS, lacking } from '@kenal/analytics';
import type { Window } from './buying.ts';

/** What there has to be at least before anything is learnt. */
export const LEAST = { ...LEAST_BUYERS, weeks: 26, donors: 100, years: 3 } as const;

/** @returns why nothing is learnt of so little, in a sentence; null where there is enough */
export function tooLittle({ customers, repeaters, first }: Window, asOf: number): string | null {
  const weeks = Math.floor((asOf - first + 1) / 7);
  const lacks = [
    ...lacking({ customers, repeaters }),
    ...(weeks < LEAST.weeks ? [`${weeks} weeks since the first purchase, and ${LEAST.weeks} are needed`] : []),
  ];
  return lacks.length === 0 ? null : `too little to learn from: there are ${lacks.join('; ')}`;
}
