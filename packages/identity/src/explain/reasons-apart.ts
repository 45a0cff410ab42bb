import type { IdentifierKey } from '@kenal/contracts';
import type { Partition } from '../cluster/partition.ts';

/**
 * Why people of one partition are two, by the links that joined nobody: one between them, else one of those that both have
 * to somebody else (a hub). The first in rank order is told; '' where there is none.
 * @param anchorOf anchor of each identifier that has a profile
 */
export function createReasonsApart(
  { rejected }: Partition,
  anchorOf: ReadonlyMap<IdentifierKey, IdentifierKey>,
): (a: IdentifierKey, b: IdentifierKey) => string {
  const around = new Map<IdentifierKey, Map<IdentifierKey, string>>();
  function note(one: IdentifierKey, other: IdentifierKey, reason: string): void {
    const reasons = around.get(one) ?? new Map<IdentifierKey, string>();
    around.set(one, reasons);
    if (!reasons.has(other)) reasons.set(other, reason);
  }
  for (const { a, b, reason } of rejected) {
    const [one, other] = [anchorOf.get(a) ?? a, anchorOf.get(b) ?? b];
    note(one, other, reason);
    note(other, one, reason);
  }
  return function reasonFor(a, b) {
    const [mine, theirs] = [around.get(a), around.get(b)];
    const direct = mine?.get(b);
    if (direct !== undefined || mine === undefined || theirs === undefined) return direct ?? '';
    for (const [third, reason] of mine) if (theirs.has(third)) return reason;
    return '';
  };
}
