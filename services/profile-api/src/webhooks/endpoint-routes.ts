import { newWebhookSchema } from '@kenal/contracts';
import { authenticate, type KeyPlaces, problemSchema, type Reader } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { readBody } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { EXAMPLE, mayTell, ONE, PATH, present, SHARED, TELLS, type WebhookRouteDeps } from './route-parts.ts';
import * as schemas from './schemas.ts';

/** Endpoints: which there are, and one more. */
export function mountEndpoints(app: TypedApp, { readKeys, webhooks, clock }: WebhookRouteDeps): void {
  const manage = (request: KeyPlaces): Reader => authenticate(readKeys, request, 'manage');
  app.get(
    PATH,
    {
      schema: {
        ...{ ...SHARED, operationId: 'listWebhooks', summary: 'Endpoints of the workspace, those of kenal.yaml first' },
        response: { 200: schemas.webhooksView, ...FAULTS },
      },
    },
    async (request) => ({
      webhooks: (await webhooks.list(manage(request).workspace)).map((one) => present(one, clock())),
    }),
  );

  app.post(
    PATH,
    {
      onRequest: async (request) => void mayTell(manage(request)),
      schema: {
        ...{ ...TELLS, operationId: 'createWebhook', summary: 'Make an endpoint; its secret is shown once' },
        response: { 201: schemas.newWebhookView, ...FAULTS, 409: problemSchema },
      },
      config: { openapi: { body: newWebhookSchema } },
    },
    async (request, reply) => {
      const made = await webhooks.create(manage(request), readBody(newWebhookSchema, request.body, EXAMPLE));
      reply.code(201).header('cache-control', 'no-store');
      return { ...present(made.endpoint, clock()), secret: made.secret };
    },
  );

  app.get(
    ONE,
    {
      schema: {
        ...{ ...SHARED, operationId: 'getWebhook', summary: 'One endpoint', params: schemas.webhookParams },
        response: { 200: schemas.webhookView, ...FAULTS },
      },
    },
    async (request) => present(await webhooks.find(manage(request).workspace, request.params.name), clock()),
  );
}
