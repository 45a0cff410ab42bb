import { createVendorCollector, type VendorCollectorDeps } from '@kenal/collector-kit';
import type { Service } from '@kenal/service-kit';
import { VENDORS } from './vendors/index.ts';

export type CollectorPhoneDeps = Omit<VendorCollectorDeps, 'name' | 'vendors'>;

/** Telephone calls as a service: webhooks in, topics interactions, failed and receipts out. */
export function createCollectorPhone(deps: CollectorPhoneDeps): Service {
  return createVendorCollector({ ...deps, name: 'collector-phone', vendors: VENDORS });
}
