import type { Clock, Interaction } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import type { Unfit } from '../deciding/decide-part.ts';
import type { Decider } from '../deciding/decider.ts';
import type { Effort } from '../deciding/effort.ts';
import type { Left } from '../deciding/settle.ts';
import type { Positions } from '../positions.ts';
import { type Normalised, type Placed, type Refused, reasonOf, type Sorted } from '../work.ts';

/** An interaction that names nobody. */
const NOBODYS = { profileId: '', version: 0 };

/** What a round leaves to the lane, by workspace. */
export interface LeftOver {
  readonly workspace: string;
  readonly left: Left<Normalised>;
}

export interface Sought extends Sorted<Placed> {
  readonly left: readonly LeftOver[];
}

/**
 * Find each interaction's person: what it says becomes evidence of the components that its identifiers point to.
 * One that is nobody's, and is read again because the state was lost, may stand in a row as somebody's whom the rules have
 * blocked since; it has no assignment that would be newer, so it says when it was read.
 */
export function createPlaceStep(decider: Decider, isRecovering: Positions['isRecovering'], clock: Clock) {
  function placed(item: Normalised, { profileId, version }: Pick<Placed, 'profileId' | 'version'>): Placed {
    const isAgain = profileId === '' && isRecovering(item.interaction.workspace, item.record);
    return { ...item, profileId, version: isAgain ? clock() : version };
  }

  /** @param known up to where directives had been read when the items were normalised */
  return async function place(items: readonly Normalised[], known: number, effort: Effort): Promise<Sought> {
    const named = items.filter(({ evidence }) => evidence !== null);
    const passed = items.filter(({ evidence }) => evidence === null).map((item) => placed(item, NOBODYS));
    const refused: Refused[] = [];
    const left: LeftOver[] = [];
    for (const [workspace, group] of Map.groupBy(named, ({ interaction }) => interaction.workspace)) {
      const evident = group.map((item) => {
        return { item, evidence: item.evidence!, recovering: isRecovering(workspace, item.record) };
      });
      const outcome = await decider.settle(workspace, evident, known, effort);
      const { settled, unfit } = outcome;
      passed.push(...settled.map(({ item, ...person }) => placed(item, person)));
      refused.push(...unfit.map(refuse));
      left.push(...outcome.left.map((one) => ({ workspace, left: one })));
    }
    return { passed, refused, left };
  };
}

function refuse({
  item: { record, interaction },
  error,
}: Unfit<Normalised & { readonly interaction: Interaction }>): Refused {
  const code = isKenalError(error, 'event_too_large') ? 'event_too_large' : 'event_unresolvable';
  return { record, interaction, code, reason: reasonOf(error) };
}
