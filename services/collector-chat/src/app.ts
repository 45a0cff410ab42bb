import { createVendorCollector, type VendorCollectorDeps } from '@kenal/collector-kit';
import type { Service } from '@kenal/service-kit';
import { VENDORS } from './vendors/index.ts';

export type CollectorChatDeps = Omit<VendorCollectorDeps, 'name' | 'vendors'>;

/** Conversations as a service: webhooks in, topics interactions, failed and receipts out. */
export function createCollectorChat(deps: CollectorChatDeps): Service {
  return createVendorCollector({ ...deps, name: 'collector-chat', vendors: VENDORS });
}
