import type { IdentifierKey } from '@kenal/contracts';
import type { Fields } from '../evidence/component.ts';
import { partOf, sourceOf } from '../evidence/fields.ts';
import type { IdentityRules } from '../rules.ts';

/**
 * Revoked sources that saw one of some identifiers, in text order: what they said is kept, and counts as never seen.
 * @param layers components as the state keeps them
 */
export function revokedSourcesOf(
  layers: readonly Fields[],
  { revokedSources }: Pick<IdentityRules, 'revokedSources'>,
  keys: readonly IdentifierKey[],
): readonly string[] {
  if (revokedSources.size === 0) return [];
  const asked = new Set(keys);
  const found = new Set<string>();
  for (const layer of layers) {
    for (const field of layer.keys()) {
      if (field[0] !== 'o' && field[0] !== 'l') continue;
      const source = sourceOf(field) ?? '';
      if (!revokedSources.has(source) || found.has(source)) continue;
      if (asked.has(partOf(field, 1)) || (field[0] === 'l' && asked.has(partOf(field, 2)))) found.add(source);
    }
  }
  return [...found].sort();
}
