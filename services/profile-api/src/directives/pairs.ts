import type { DirectivePair, IdentifierKey, PairVerb } from '@kenal/contracts';

/** A word on two identifiers; the ends stand in the order of their text, as evidence has them. */
export function pairOf(one: IdentifierKey, other: IdentifierKey, verb: PairVerb): DirectivePair {
  const [a, b] = one < other ? [one, other] : [other, one];
  return { a, b, verb, weight: null, detail: '' };
}

/** The name of a pair, whichever end is called first. */
export function pairName(one: IdentifierKey, other: IdentifierKey): string {
  return one < other ? `${one}\n${other}` : `${other}\n${one}`;
}
