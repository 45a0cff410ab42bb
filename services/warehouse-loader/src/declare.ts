import type { Clock, KenalConfig } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { declareWantedTraits } from './wanted-traits.ts';
import { declareWorkspaces } from './workspaces.ts';

interface DeclareDeps {
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly clock: Clock;
}

/** Write into the warehouse what its views need of `kenal.yaml`: as often as it is called until it succeeds, and never again. */
export function createDeclareOnce({ warehouse, config, clock }: DeclareDeps): () => Promise<void> {
  let declared = false;
  return async () => {
    if (declared) return;
    await declareWantedTraits(warehouse, config, clock);
    await declareWorkspaces(warehouse, config, clock);
    declared = true;
  };
}
