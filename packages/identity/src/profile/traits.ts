import type { IdentifierKey, Micros } from '@kenal/contracts';
import type { PublishedComponent } from '../evidence/component.ts';
import { compareStamps, type Stamp } from '../evidence/span.ts';
import { compareText } from '../rules.ts';

/** What holds for a trait now, and who said so. */
export interface HeldTrait {
  readonly trait: string;
  /** JSON text. */
  readonly value: string;
  readonly source: string;
  readonly at: Micros;
  readonly messageId: string;
}

/**
 * Survivorship "newest": of all owners and sources the last word by (time, event id). An event that says null takes the
 * trait away until a newer one gives it again.
 * @returns by name
 */
export function foldTraits(component: PublishedComponent, members: readonly IdentifierKey[]): readonly HeldTrait[] {
  const held = new Map<string, { stamp: Stamp; source: string }>();
  for (const member of members) {
    for (const { trait, source, span } of component.traits.get(member) ?? []) {
      const known = held.get(trait);
      const newer =
        known === undefined ? 1 : compareStamps(span.last, known.stamp) || compareText(source, known.source);
      if (newer > 0) held.set(trait, { stamp: span.last, source });
    }
  }
  const traits: HeldTrait[] = [];
  for (const [trait, { stamp, source }] of held)
    if (stamp.value !== 'null') traits.push({ trait, value: stamp.value, source, at: stamp.at, messageId: stamp.id });
  return traits.sort((a, b) => compareText(a.trait, b.trait));
}
