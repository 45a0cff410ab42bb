import type { Directive, IdentityState } from '@kenal/contracts';
import { identifiersOf, type Workspaces } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';

export interface ErasureDeps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly decider: Decider;
  readonly logger: Logger;
}

/**
 * Carry out an erasure. It names its identifiers by keyed hashes and their profile by its id: whom of that profile's
 * component the hashes name is forgotten.
 */
export function createErasure({ state, workspaces, decider, logger }: ErasureDeps): (by: Directive) => Promise<void> {
  return async function erase({ id, workspace, profileId, erased }) {
    await decider.erase(workspace, id, async () => {
      const anchor = profileId === null ? null : await state.anchor(workspace, profileId);
      if (anchor === null) return []; // nobody has come since the state was lost
      const { pointers, components, parked } = await state.load(workspace, [anchor]);
      const component = components.get(pointers.get(anchor) ?? '');
      const keys = component === undefined ? [] : identifiersOf(component.fields);
      const named = workspaces.of(workspace).namedBy(erased, [...keys, ...parked.keys()]);
      if (named.length === 0)
        logger.error({ directive: id }, 'an erasure names nobody: is this the erasure key that it was made with?');
      return named;
    });
  };
}
