import { type CustomerHistories, lacking } from '@kenal/analytics';

/** @returns why a file is too little to learn from, in a sentence; null where there is enough */
export function tooLittleIn({ x }: Pick<CustomerHistories, 'x'>): string | null {
  const repeaters = x.reduce((count, repeats) => count + (repeats > 0 ? 1 : 0), 0);
  const lacks = lacking({ customers: x.length, repeaters });
  return lacks.length === 0 ? null : `too little to learn from: there are ${lacks.join('; ')}`;
}
