import { refreshCustomerDays, type Warehouse } from '@kenal/warehouse';
import type { Mart } from './mart.ts';

/** View `customer_day` tells the same without it; with it, it folds only the orders of those of whom something has changed since. */
export function createCustomerDay(warehouse: Warehouse): Mart {
  return {
    refresh: ({ workspace: { id: workspace }, full, signal, note }) =>
      refreshCustomerDays(warehouse, { workspace, full, signal, note }),
  };
}
