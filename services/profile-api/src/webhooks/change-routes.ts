import { MICROS_PER_SECOND, webhookChangeSchema } from '@kenal/contracts';
import { authenticate, type KeyPlaces, problemSchema, type Reader } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { readBody, readOptions } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { EXAMPLE, mayTell, ONE, present, SHARED, TELLS, type WebhookRouteDeps } from './route-parts.ts';
import * as schemas from './schemas.ts';

const HOUR = 3_600 * MICROS_PER_SECOND;

/** What is changed of an endpoint. */
export function mountChanges(app: TypedApp, { readKeys, webhooks, clock }: WebhookRouteDeps): void {
  const manage = (request: KeyPlaces): Reader => authenticate(readKeys, request, 'manage');
  app.patch(
    ONE,
    {
      onRequest: async (request) => void mayTell(manage(request)),
      schema: {
        ...{ ...TELLS, operationId: 'changeWebhook', params: schemas.webhookParams },
        summary: 'Change an endpoint, or switch it on or off; on again it gets what was left out meanwhile',
        response: { 200: schemas.webhookView, ...FAULTS },
      },
      config: { openapi: { body: webhookChangeSchema } },
    },
    async (request) => {
      const change = readBody(webhookChangeSchema, request.body, EXAMPLE);
      return present(await webhooks.change(manage(request), request.params.name, change), clock());
    },
  );

  app.delete(
    ONE,
    {
      schema: {
        ...{ ...SHARED, operationId: 'removeWebhook', params: schemas.webhookParams },
        summary: 'Remove an endpoint: nothing is delivered to it any more',
        response: { 200: schemas.removedView, ...FAULTS },
      },
    },
    async (request) => {
      await webhooks.remove(manage(request), request.params.name);
      return { removed: request.params.name };
    },
  );

  app.post(
    `${ONE}/rotate`,
    {
      onRequest: async (request) => void mayTell(manage(request)),
      schema: {
        ...{ ...TELLS, operationId: 'rotateWebhook', params: schemas.webhookParams },
        summary: 'A new secret, shown once; that of before signs as well for a while',
        response: { 200: schemas.newWebhookView, ...FAULTS, 409: problemSchema },
      },
      config: { openapi: { body: schemas.rotateRequest } },
    },
    async (request, reply) => {
      const { overlapHours } = readOptions(schemas.rotateRequest, request.body, '{"overlapHours": 24}');
      const made = await webhooks.rotate(manage(request), request.params.name, Math.round(overlapHours * HOUR));
      reply.header('cache-control', 'no-store');
      return { ...present(made.endpoint, clock()), secret: made.secret };
    },
  );

  app.post(
    `${ONE}/stop`,
    {
      onRequest: async (request) => void manage(request),
      schema: {
        ...{ ...SHARED, operationId: 'stopWebhook', params: schemas.webhookParams },
        summary: 'Switch an endpoint off, with a reason: what deliveries do by themselves where it answered 410',
        response: { 200: schemas.webhookView, ...FAULTS },
      },
      config: { openapi: { body: schemas.stopRequest } },
    },
    async (request) => {
      const { reason } = readBody(schemas.stopRequest, request.body, EXAMPLE);
      return present(await webhooks.stop(manage(request), request.params.name, reason), clock());
    },
  );
}
