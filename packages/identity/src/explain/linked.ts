import type { IdentifierKey } from '@kenal/contracts';
import { linkField, scoreField, sourceOf } from '../evidence/fields.ts';
import { decodeLeaf } from '../evidence/leaf-text.ts';
import type { IdentityRules } from '../rules.ts';
import type { ExplainInput } from './explain.ts';

/** Whether two identifiers came in one interaction, or the model in force links them; what people decided is no link. */
export function areLinked(
  { components, parked = new Map() }: ExplainInput,
  { revokedSources, model }: Pick<IdentityRules, 'revokedSources' | 'model'>,
  one: IdentifierKey,
  other: IdentifierKey,
): boolean {
  const layers = [...components, ...Array.from(parked, ([leaf, { centre, text }]) => decodeLeaf(centre, leaf, text))];
  const seen = linkField(one, other, '');
  const scored = model === null ? null : scoreField(one, other, model);
  const isLink = (field: string): boolean =>
    field === scored || (field.startsWith(seen) && !revokedSources.has(sourceOf(field) ?? ''));
  return layers.some((layer) => [...layer.keys()].some(isLink));
}
