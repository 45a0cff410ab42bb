import type { IdentifierKey, Micros } from '@kenal/contracts';
import type { Fields } from './component.ts';
import { linkField, sourceOf, spellingField } from './fields.ts';
import { decodeTimes, joinParts, splitParts } from './text-codec.ts';

/**
 * The evidence of a leaf as one short text: its link (`l`) and its spelling (`v`) by source, without the names that are
 * known anyway: `lweb|hd7y2ot0g0%7Cm1|vweb|…`
 */
export function encodeLeaf(fields: Fields): string {
  const parts: string[] = [];
  for (const field of [...fields.keys()].sort()) parts.push(`${field[0]}${sourceOf(field)}`, fields.get(field)!);
  return joinParts(...parts);
}

/** The reverse of {@link encodeLeaf}. */
export function decodeLeaf(centre: IdentifierKey, leaf: IdentifierKey, text: string): Map<string, string> {
  const fields = new Map<string, string>();
  const parts = splitParts(text);
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const source = parts[i]!.slice(1);
    const field = parts[i]![0] === 'l' ? linkField(centre, leaf, source) : spellingField(leaf, source);
    fields.set(field, parts[i + 1]!);
  }
  return fields;
}

/** When a leaf was first seen, over all sources: its rank on the shelf. */
export function rankOf(fields: Fields): Micros {
  let rank = Number.POSITIVE_INFINITY;
  for (const [field, text] of fields) if (field[0] === 'l') rank = Math.min(rank, decodeTimes(text).first);
  return rank;
}
