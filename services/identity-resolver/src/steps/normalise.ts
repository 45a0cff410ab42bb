import { MAX_BODY_BYTES } from '@kenal/event-log';
import type { Workspaces } from '@kenal/identity';
import { evidenceOf, type NormalisedIdentifiers } from '@kenal/identity';
import { type Decoded, type Normalised, type Refused, reasonOf, type Sorted } from '../work.ts';

/**
 * Find the owner and the evidence of each interaction, from its own bytes alone. What no record could hold with its person
 * is refused here, before it is evidence; collectors take nothing of that size.
 */
export function createNormaliseStep(workspaces: Workspaces) {
  return function normalise(decoded: readonly Decoded[]): Sorted<Normalised> {
    const passed: Normalised[] = [];
    const refused: Refused[] = [];
    for (const item of decoded) {
      const { record, interaction } = item;
      try {
        const { rules, normaliserOf, isErased } = workspaces.of(interaction.workspace);
        const identifiers = normaliserOf(interaction.source)(interaction.identifiers);
        const keys = identifiers.identifiers.map(({ key }) => key);
        if (isErased(keys, interaction)) {
          const reason = 'an identifier of this event was erased after it happened; nothing of it is kept';
          refused.push({ record, interaction, code: 'event_erased', reason });
          continue;
        }
        const bytes = resolvedBytes(item, identifiers);
        if (bytes > MAX_BODY_BYTES) {
          const reason = `${bytes} bytes with its identifiers normalised; ${MAX_BODY_BYTES} are the most`;
          refused.push({ record, interaction, code: 'event_too_large', reason });
          continue;
        }
        passed.push({ ...item, identifiers, evidence: evidenceOf(interaction, identifiers, rules) });
      } catch (error) {
        refused.push({ record, interaction, code: 'event_unresolvable', reason: reasonOf(error) });
      }
    }
    return { passed, refused };
  };
}

/** Size of the resolved form, as far as it grows with the interaction; its id may be the key once more. */
function resolvedBytes({ record, interaction }: Decoded, { identifiers, owner }: NormalisedIdentifiers): number {
  const added = [interaction.id, owner, ...identifiers.flatMap(({ type, value }) => [type, value])];
  return added.reduce((sum, text) => sum + Buffer.byteLength(text), record.value.byteLength);
}
