import { EVIDENCE, evidenceKind } from './fields.ts';
import type { Span } from './span.ts';

export interface MergedEvidence {
  /** Fields whose stored text differs from before. */
  readonly changed: ReadonlyMap<string, string>;
  /** Who is who may differ: an identifier or a link is new, or was seen earlier than known; a decision was made. */
  readonly movesPeople: boolean;
  /** What is published of the owners may differ: traits, consent or spellings. Where neither is true, only last-seen times moved. */
  readonly movesContent: boolean;
}

/**
 * Merge new evidence into stored fields.
 * @param stored text of a field, or undefined where there is none yet
 */
export function mergeEvidence(
  stored: (field: string) => string | undefined,
  evidence: ReadonlyMap<string, Span>,
): MergedEvidence {
  const changed = new Map<string, string>();
  let movesPeople = false;
  let movesContent = false;
  for (const [field, span] of evidence) {
    const kind = evidenceKind(field);
    if (kind === null) continue;
    const { merge, encode, decode, moves } = EVIDENCE[kind];
    const text = stored(field);
    if (text === undefined) {
      changed.set(field, encode(span));
      if (moves === 'content') movesContent = true;
      else movesPeople = true;
      continue;
    }
    const before = decode(text);
    const merged = merge(before, span);
    const after = encode(merged);
    if (after === text) continue;
    changed.set(field, after);
    if (moves === 'content') movesContent = true;
    // Sightings order links and choose anchors by their first time alone
    else movesPeople ||= (kind !== 'o' && kind !== 'l') || merged.first.at !== before.first.at;
  }
  return { changed, movesPeople, movesContent };
}
