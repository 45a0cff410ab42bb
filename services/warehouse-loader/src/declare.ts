import type { Clock, KenalConfig } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { declareRows } from './declare-rows.ts';
import { declaredRewards } from './rewards.ts';
import { declaredTraits } from './wanted-traits.ts';
import { declaredWorkspaces } from './workspaces.ts';

interface DeclareDeps {
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly clock: Clock;
}

/** Write into the warehouse what its views need of `kenal.yaml`: as often as it is called until it succeeds, and never again. */
export function createDeclareOnce({ warehouse, config, clock }: DeclareDeps): () => Promise<void> {
  const workspaces = new Set(config.workspaces.map(({ id }) => id));
  let declared = false;
  return async () => {
    if (declared) return;
    await declareRows(warehouse, workspaces, declaredTraits(config), clock);
    await declareRows(warehouse, workspaces, declaredWorkspaces(config), clock);
    await declareRows(warehouse, workspaces, declaredRewards(config), clock);
    declared = true;
  };
}
