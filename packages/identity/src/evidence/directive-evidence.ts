import type { Directive, DirectivePair } from '@kenal/contracts';
import { consentField, decisionField, scoreField } from './fields.ts';
import type { InteractionEvidence } from './interaction-evidence.ts';
import { type Span, spanOf } from './span.ts';
import { joinParts } from './text-codec.ts';

/** Where consent was recorded by hand; no source can have this id. */
const BY_HAND = 'directive:';

/**
 * What a directive says of pairs and of consent, one piece for each. What it says of sources, rulesets, models and erasures
 * is no evidence: those are rules of the workspace (`rulesOf`).
 */
export function directiveEvidenceOf(directive: Directive): InteractionEvidence[] {
  const { id, issuedAt, kind, pairs, consent, model } = directive;
  const about = { messageId: id, source: '', owner: '', rule: kind } as const;
  const evidence: InteractionEvidence[] = [];
  for (const pair of pairs) {
    if (pair.a === pair.b) continue;
    const fields = new Map<string, Span>([fieldOf(pair, issuedAt, id, model ?? '')]);
    evidence.push({ ...about, keys: [pair.a, pair.b], fields });
  }
  if (consent !== null) {
    const { owner, purpose, granted } = consent;
    const fields = new Map([[consentField(owner, purpose, BY_HAND), spanOf(issuedAt, id, String(granted))]]);
    evidence.push({ ...about, keys: [owner], fields });
  }
  return evidence;
}

function fieldOf(pair: DirectivePair, issuedAt: number, id: string, model: string): [string, Span] {
  const { a, b, verb, weight, detail } = pair;
  if (verb !== 'link') return [decisionField(a, b), spanOf(issuedAt, id, verb)];
  return [scoreField(a, b, model), spanOf(issuedAt, id, joinParts(String(weight ?? 0), detail))];
}
