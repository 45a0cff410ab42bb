import type { Clock, EventLog } from '@kenal/contracts';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createAskEndpoint, createAskWarehouse } from '../computed/ask.ts';
import { createComputedMart } from '../computed/computed-mart.ts';
import { createPublish } from '../computed/publish.ts';
import { createReadLost, createReadTold } from '../computed/told.ts';
import type { Marts } from './mart.ts';

export interface MartDeps {
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The profile API, whose SQL endpoint runs what kenal.yaml says. */
  readonly api: { readonly url: string; readonly keyFor: (workspace: string) => string };
}

/** Who computes which mart. */
export function createMarts({ log, warehouse, clock, api }: MartDeps): Marts {
  return {
    computed: createComputedMart({
      ...{
        warehouse,
        clock,
        readTold: createReadTold(warehouse),
        readLost: createReadLost(warehouse),
        publish: createPublish(log, warehouse),
      },
      asks: { own: createAskWarehouse(warehouse), declared: createAskEndpoint(api.url, api.keyFor) },
    }),
  };
}
