import type { TypedApp } from '../http/typed-app.ts';
import { mountChanges } from './change-routes.ts';
import { mountDeliveries } from './delivery-routes.ts';
import { mountEndpoints } from './endpoint-routes.ts';
import type { WebhookRouteDeps } from './route-parts.ts';

/** `/v1/webhooks`: endpoints, and what became of deliveries to them. */
export function mountWebhooks(app: TypedApp, deps: WebhookRouteDeps): void {
  mountEndpoints(app, deps);
  mountChanges(app, deps);
  mountDeliveries(app, deps);
}
