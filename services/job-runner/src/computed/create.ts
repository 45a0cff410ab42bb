import type { Clock, EventLog, IdentityState } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import type { Mart } from '../marts/mart.ts';
import { createAskEndpoint, createAskWarehouse } from './ask.ts';
import { createCaughtUp } from './caught-up.ts';
import { createComputedMart } from './computed-mart.ts';
import { createPublish } from './publish.ts';
import type { ModelSource } from './sources.ts';
import { createReadLost, createReadTold } from './told.ts';

interface Deps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly api: { readonly url: string; readonly keyFor: (workspace: string) => string };
  readonly sources: readonly ModelSource[];
}

/** Mart `computed`, connected. */
export function createComputed({ log, state, warehouse, clock, api, sources }: Deps): Mart {
  return createComputedMart({
    ...{ warehouse, clock, sources, readTold: createReadTold(warehouse), readLost: createReadLost(warehouse) },
    ...{ publish: createPublish(log, warehouse), caughtUp: createCaughtUp(log, state) },
    asks: { own: createAskWarehouse(warehouse), declared: createAskEndpoint(api.url, api.keyFor) },
  });
}
