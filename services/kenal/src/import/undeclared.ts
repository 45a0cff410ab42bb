import { IDENTIFIER_TYPES, type KenalConfig } from '@kenal/contracts';

/**
 * Identifier types that a mapping names and nobody declared: most often a slip of the pen.
 * @param config null where there is no kenal.yaml
 * @returns one sentence with the known types, null where all are known
 */
export function undeclaredTypes(types: readonly string[], config: KenalConfig | null): string | null {
  const declared = config?.workspaces.flatMap(({ identity }) => identity.types) ?? [];
  const known = [...new Set<string>([...IDENTIFIER_TYPES, ...declared])];
  const unknown = types.filter((type) => !known.includes(type));
  if (unknown.length === 0) return null;
  return `nobody declared the identifier type ${unknown.join(', ')}; known are ${known.join(', ')} (kenal.yaml declares more: identity.types)`;
}
