import { EVIDENCE, evidenceKind } from './fields.ts';
import type { Span } from './span.ts';

export interface MergedEvidence {
  /** Fields whose stored text differs from before. */
  readonly changed: ReadonlyMap<string, string>;
  /** False where only last-seen times moved: partition, ids and published content are then what they were. */
  readonly structural: boolean;
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
  let structural = false;
  for (const [field, span] of evidence) {
    const kind = evidenceKind(field);
    if (kind === null) continue;
    const { merge, encode, decode } = EVIDENCE[kind];
    const text = stored(field);
    if (text === undefined) {
      changed.set(field, encode(span));
      structural = true;
      continue;
    }
    const before = decode(text);
    const merged = merge(before, span);
    const after = encode(merged);
    if (after === text) continue;
    changed.set(field, after);
    // Sightings order links and choose anchors by their first time alone
    structural ||= kind === 't' || kind === 'v' || merged.first.at !== before.first.at;
  }
  return { changed, structural };
}
