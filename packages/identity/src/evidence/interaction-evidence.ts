import {
  type DirectiveKind,
  type IdentifierKey,
  type Interaction,
  type JsonValue,
  MICROS_PER_DAY,
  type Micros,
} from '@kenal/contracts';
import type { NormalisedIdentifiers } from '../normalise/normalise.ts';
import type { IdentityRules } from '../rules.ts';
import {
  consentField,
  EVIDENCE,
  evidenceKind,
  linkField,
  longestField,
  namesField,
  ownedField,
  spellingField,
  traitField,
} from './fields.ts';
import { hashOfPerson } from './person-hash.ts';
import { NOTHING_SAID, type Span, spanOf } from './span.ts';

/** What the resolver reads of an interaction. */
export type EvidenceSource = Pick<
  Interaction,
  'id' | 'source' | 'type' | 'clientAt' | 'receivedAt' | 'occurredAt' | 'traits'
> &
  Partial<Pick<Interaction, 'consent'>>;

/** What one interaction, or one pair of a directive, says about who is who. */
export interface InteractionEvidence {
  /** Of a directive: its id. */
  readonly messageId: string;
  /** '' of a directive. */
  readonly source: string;
  /** '' of a directive. */
  readonly owner: IdentifierKey | '';
  /** Valid identifiers, strongest (the owner) first. */
  readonly keys: readonly IdentifierKey[];
  /** Of a directive: what it is. */
  readonly rule?: DirectiveKind;
  /** Evidence field → the span of this one event. */
  readonly fields: ReadonlyMap<string, Span>;
}

/**
 * The time that evidence is ordered by: the caller's own, equal in every copy; only where that lies more than a day ahead
 * of the arrival, the corrected one.
 * Without a client time there is only the arrival. Copies of such an event differ in it: first times fold to the earliest
 * copy, and a trait counts as said again when the last copy came. Every order of the same copies gives the same result.
 */
export function evidenceTime({
  clientAt,
  receivedAt,
  occurredAt,
}: Pick<EvidenceSource, 'clientAt' | 'receivedAt' | 'occurredAt'>): Micros {
  if (clientAt === null) return receivedAt;
  return clientAt > receivedAt + MICROS_PER_DAY ? occurredAt : clientAt;
}

/**
 * @param rules of the workspace; without them no trait keeps its longest value
 * @returns null where no identifier is valid: such an interaction is nobody's
 * @throws SyntaxError where the traits of an identify are not JSON
 */
export function evidenceOf(
  interaction: EvidenceSource,
  { identifiers, owner }: NormalisedIdentifiers,
  rules?: Pick<IdentityRules, 'traits'>,
): InteractionEvidence | null {
  if (owner === '') return null;
  const { id, source } = interaction;
  const at = evidenceTime(interaction);
  const sighting = spanOf(at, id);
  const fields = new Map<string, Span>([[ownedField(owner, source), sighting]]);
  for (const { key, type, value } of identifiers) {
    if (key !== owner) fields.set(linkField(owner, key, source), sighting);
    if (key.length !== type.length + 1 + value.length || !key.endsWith(value))
      fields.set(spellingField(key, source), spanOf(at, id, value));
  }
  // Only identify speaks of the person: the traits of a group are the account's
  if (interaction.type === 'identify' && interaction.traits !== '{}') {
    const traits = JSON.parse(interaction.traits) as Record<string, JsonValue>;
    for (const [trait, value] of Object.entries(traits)) {
      const span = spanOf(at, id, JSON.stringify(value));
      fields.set(traitField(owner, trait, source), span);
      if (rules?.traits.ruleOf(trait).survivorship === 'longest' && span.last.value !== NOTHING_SAID)
        fields.set(longestField(owner, trait, source), span);
    }
    const person = hashOfPerson(traits);
    if (person !== null) fields.set(namesField(owner, source), spanOf(0, '', person));
  }
  for (const [purpose, granted] of Object.entries(interaction.consent ?? {}))
    fields.set(consentField(owner, purpose, source), spanOf(at, id, String(granted)));
  return { messageId: id, source, owner, keys: identifiers.map((identifier) => identifier.key), fields };
}

/** Fold the evidence of several interactions, field by field. */
export function foldEvidence(parts: readonly InteractionEvidence[]): ReadonlyMap<string, Span> {
  if (parts.length === 1) return parts[0]!.fields;
  const folded = new Map<string, Span>();
  for (const part of parts) {
    for (const [field, span] of part.fields) {
      const known = folded.get(field);
      const kind = evidenceKind(field);
      folded.set(field, known === undefined || kind === null ? span : EVIDENCE[kind].merge(known, span));
    }
  }
  return folded;
}
