import type { IdentifierKey, Micros } from '@kenal/contracts';
import type { Fields } from '../evidence/component.ts';
import { EVIDENCE, evidenceKind, partOf } from '../evidence/fields.ts';

/**
 * Whether evidence names one of these identifiers that is of this moment or before. What an erasure leaves, or lets come
 * again, is younger than it: where this is false it has been carried out.
 */
export function saidBefore(fields: Fields, keys: ReadonlySet<IdentifierKey>, at: Micros): boolean {
  for (const [field, text] of fields) {
    const kind = evidenceKind(field);
    if (kind === null || kind === 'n') continue; // names stand beside what has a time
    const isNamed = keys.has(partOf(field, 1)) || (isOfPair(kind) && keys.has(partOf(field, 2)));
    if (isNamed && EVIDENCE[kind].decode(text).first.at <= at) return true;
  }
  return false;
}

function isOfPair(kind: string): boolean {
  return kind === 'l' || kind === 'd' || kind === 'w';
}
