import type { Clock } from '@kenal/contracts';
import type { Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createCustomerDay } from './customer-day.ts';
import type { Marts } from './mart.ts';

export interface MartDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who computes which mart. */
export function createMarts({ warehouse }: MartDeps): Marts {
  return {
    customer_day: createCustomerDay(warehouse),
  };
}
