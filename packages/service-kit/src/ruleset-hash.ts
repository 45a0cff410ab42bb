import { createHash } from 'node:crypto';
import type { IdentityConfig, JsonValue } from '@kenal/contracts';

/**
 * Names a set of identity rules by its content, whatever order its options stand in: `Directive.base`.
 * @param identity of a workspace, as its schema gives it
 */
export function rulesetHash(identity: IdentityConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(JSON.parse(JSON.stringify(identity)))))
    .digest('hex')
    .slice(0, 16);
}

// The order of types and of blocked values is left: that of types is their rank
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
