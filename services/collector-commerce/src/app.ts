import { createVendorCollector, type VendorCollectorDeps } from '@kenal/collector-kit';
import type { Service } from '@kenal/service-kit';
import { VENDORS } from './vendors/index.ts';

export type CollectorCommerceDeps = Omit<VendorCollectorDeps, 'name' | 'vendors'>;

/** Shops, payments, shipments, and any other signed webhook as a service: webhooks in, topics interactions, failed and receipts out. */
export function createCollectorCommerce(deps: CollectorCommerceDeps): Service {
  return createVendorCollector({ ...deps, name: 'collector-commerce', vendors: VENDORS });
}
