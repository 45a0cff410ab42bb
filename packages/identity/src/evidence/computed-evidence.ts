import { type Computed, type ComputedAttribute, type IdentifierKey, type Micros, parseTime } from '@kenal/contracts';
import { computedField } from './fields.ts';
import type { InteractionEvidence } from './interaction-evidence.ts';
import { type Span, spanOf } from './span.ts';
import { joinParts, splitParts } from './text-codec.ts';

/**
 * What was computed of a profile, kept with the identifier that gives the profile its id: so it goes where the profile
 * goes, is forgotten with it, and a profile that was merged away has its own again when it is back. It names no link and
 * no owner, so it says nothing about who is who. To be made only of an anchor that is known: it would make one that is not.
 */
export function computedEvidenceOf(computed: Computed, anchor: IdentifierKey): InteractionEvidence {
  const { name, value, kind, computedAt, fitId, reason } = computed;
  const fields = new Map([[computedField(anchor, name), wordOf(computedAt, { kind, fitId, reason, value })]]);
  return { messageId: fitId, source: '', owner: '', keys: [anchor], fields };
}

/**
 * The same from the content that was published of a profile.
 * @param text `computed` of the content
 */
export function publishedComputedOf(text: string, anchor: IdentifierKey): ReadonlyMap<string, Span> {
  const attributes = JSON.parse(text) as Readonly<Record<string, ComputedAttribute>>;
  const fields = new Map<string, Span>();
  for (const [name, { value, computedAt, ...about }] of Object.entries(attributes))
    fields.set(
      computedField(anchor, name),
      wordOf(parseTime(computedAt) ?? 0, { ...about, value: JSON.stringify(value) }),
    );
  return fields;
}

function wordOf(
  at: Micros,
  { kind, fitId, reason, value }: Omit<ComputedWord, 'value'> & { value: string | null },
): Span {
  return spanOf(at, '', value === null ? '' : joinParts(kind, fitId, reason, value));
}

/** An attribute as its register has it; `value` is JSON text. */
export interface ComputedWord {
  readonly kind: string;
  readonly fitId: string;
  readonly reason: string;
  readonly value: string;
}

/** @returns null where the profile has the attribute no more */
export function computedWordOf(text: string): ComputedWord | null {
  if (text === '') return null;
  const [kind = '', fitId = '', reason = '', value = 'null'] = splitParts(text);
  return { kind, fitId, reason, value };
}
