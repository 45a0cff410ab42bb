import { evidenceOf } from '@kenal/identity';
import { type Decoded, type Normalised, type Refused, reasonOf, type Sorted } from '../work.ts';
import type { Workspaces } from '../workspaces.ts';

/** Find the owner and the evidence of each interaction, from its own bytes alone. */
export function createNormaliseStep(workspaces: Workspaces) {
  return function normalise(decoded: readonly Decoded[]): Sorted<Normalised> {
    const passed: Normalised[] = [];
    const refused: Refused[] = [];
    for (const item of decoded) {
      const { record, interaction } = item;
      try {
        const normaliser = workspaces.of(interaction.workspace).normaliserOf(interaction.source);
        const identifiers = normaliser(interaction.identifiers);
        passed.push({ ...item, identifiers, evidence: evidenceOf(interaction, identifiers) });
      } catch (error) {
        refused.push({ record, interaction, code: 'event_unresolvable', reason: reasonOf(error) });
      }
    }
    return { passed, refused };
  };
}
