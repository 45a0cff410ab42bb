import type { IdentifierKey, Micros } from '@kenal/contracts';
import { LINK_CLASSES, type LinkClass } from '../evidence/component.ts';
import { typeOf } from '../evidence/sight.ts';
import { compareKeys, compareText, compareTypes, type IdentityRules } from '../rules.ts';

/** A link with all that its place in the order of joining hangs on. */
export interface Joining {
  readonly a: IdentifierKey;
  readonly b: IdentifierKey;
  readonly class: LinkClass;
  readonly first: Micros;
  readonly weight: number;
  readonly directive: string;
  readonly strong: string;
  readonly weak: string;
  readonly strongRank: number;
  readonly weakRank: number;
}

const CLASS_ORDER: Readonly<Record<LinkClass, number>> = { must: 0, deterministic: 1, probabilistic: 2 };

/** @param first first event, or when a directive was issued; @param weight of a probabilistic link, else 0 */
export function rankLink(
  of: LinkClass,
  a: IdentifierKey,
  b: IdentifierKey,
  first: Micros,
  weight: number,
  directive: string,
  { rankOf }: IdentityRules,
): Joining {
  const [one, other] = [typeOf(a), typeOf(b)];
  const [strong, weak] = compareTypes(rankOf, one, other) <= 0 ? [one, other] : [other, one];
  const ranks = { strongRank: rankOf(strong), weakRank: rankOf(weak) };
  return { a, b, class: of, first, weight, directive, strong, weak, ...ranks };
}

/**
 * The order in which links join: what was decided by hand (the newest decision first: it overrules older ones), then what
 * was seen, then what is probable; types of both ends, weight, first time, names.
 */
export function compareLinks(x: Joining, y: Joining, { rankOf }: IdentityRules): number {
  const byClass = CLASS_ORDER[x.class] - CLASS_ORDER[y.class];
  if (byClass !== 0) return byClass;
  const byDecision = x.class === LINK_CLASSES.must ? y.first - x.first || compareText(y.directive, x.directive) : 0;
  return (
    byDecision ||
    x.strongRank - y.strongRank ||
    compareTypes(rankOf, x.strong, y.strong) ||
    x.weakRank - y.weakRank ||
    compareTypes(rankOf, x.weak, y.weak) ||
    y.weight - x.weight ||
    x.first - y.first ||
    compareKeys(x.a, y.a) ||
    compareKeys(x.b, y.b)
  );
}

/** Of two identifiers the one that would own an interaction of both. */
export function strongerOf(a: IdentifierKey, b: IdentifierKey, { rankOf }: IdentityRules): IdentifierKey {
  return (compareTypes(rankOf, typeOf(a), typeOf(b)) || compareText(a, b)) <= 0 ? a : b;
}
