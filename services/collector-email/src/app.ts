import { createVendorCollector, type VendorCollectorDeps } from '@kenal/collector-kit';
import type { Service } from '@kenal/service-kit';
import { VENDORS } from './vendors/index.ts';

export type CollectorEmailDeps = Omit<VendorCollectorDeps, 'name' | 'vendors'>;

/** Mail and what mail providers tell of it as a service: webhooks in, topics interactions, failed and receipts out. */
export function createCollectorEmail(deps: CollectorEmailDeps): Service {
  return createVendorCollector({ ...deps, name: 'collector-email', vendors: VENDORS });
}
