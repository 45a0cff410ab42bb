import type { IdentifierKey } from '@kenal/contracts';
import type { PublishedComponent } from '../evidence/component.ts';
import { compareStamps, type Stamp } from '../evidence/span.ts';
import { compareText } from '../rules.ts';

/** What a person allows: of all owners and sources the last word on each purpose, by (time, event id), purposes in order. */
export function foldConsent(
  { consents }: PublishedComponent,
  members: readonly IdentifierKey[],
): Readonly<Record<string, boolean>> {
  if (consents.size === 0) return {};
  const held = new Map<string, { stamp: Stamp; source: string }>();
  for (const member of members) {
    for (const { purpose, source, stamp } of consents.get(member) ?? []) {
      const known = held.get(purpose);
      const newer = known === undefined ? 1 : compareStamps(stamp, known.stamp) || compareText(source, known.source);
      if (newer > 0) held.set(purpose, { stamp, source });
    }
  }
  const purposes = [...held].sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(purposes.map(([purpose, { stamp }]) => [purpose, stamp.value === 'true']));
}
