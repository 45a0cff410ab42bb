import { randomUUID } from 'node:crypto';
import { parseTime, WEBHOOK_JOB, type WebhookDelivery, webhookJob } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { authenticate, type KeyPlaces, type Reader } from '@kenal/service-kit';
import { FAULTS } from '../http/faults.ts';
import { readBody } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { EXAMPLE, ONE, SHARED, type WebhookRouteDeps } from './route-parts.ts';
import * as schemas from './schemas.ts';

/** What became of deliveries, and what is sent again. */
export function mountDeliveries(app: TypedApp, { readKeys, webhooks, attemptLog, queue }: WebhookRouteDeps): void {
  const manage = (request: KeyPlaces): Reader => authenticate(readKeys, request, 'manage');
  /** A delivery that waits for its next attempt has its job already: that makes it now. */
  async function deliver(found: readonly WebhookDelivery[]): Promise<void> {
    const jobs = await queue.add(found.map((delivery) => webhookJob(delivery, { random: Math.random })));
    await Promise.all(jobs.map((id) => queue.retry(WEBHOOK_JOB, id)));
  }

  app.get(
    `${ONE}/attempts`,
    {
      schema: {
        ...{ ...SHARED, operationId: 'listWebhookAttempts', summary: 'Attempts of the last 30 days, newest first' },
        ...{ params: schemas.webhookParams, querystring: schemas.attemptsQuery },
        response: { 200: schemas.attemptsView, ...FAULTS },
      },
    },
    async (request) => {
      const endpoint = await webhooks.find(manage(request).workspace, request.params.name);
      return { attempts: await attemptLog.list(endpoint, request.query) };
    },
  );

  app.post(
    `${ONE}/resend`,
    {
      onRequest: async (request) => void manage(request),
      schema: {
        ...{ ...SHARED, operationId: 'resendWebhook', params: schemas.webhookParams },
        summary: 'Deliver an event again, or all that did not arrive since a time, now; the webhook-id stays the same',
        response: { 202: schemas.resentView, ...FAULTS },
      },
      config: { openapi: { body: schemas.resendRequest } },
    },
    async (request, reply) => {
      const endpoint = await webhooks.find(manage(request).workspace, request.params.name);
      const { event = null, since = '' } = readBody(schemas.resendRequest, request.body, EXAMPLE);
      const { deliveries: found, more } = await attemptLog.events(endpoint, event, parseTime(since) ?? 0);
      if (event !== null && found.length === 0)
        throw new KenalError('not_found', `no attempt of the last 30 days was for the event ${event}`);
      if (found.length > 0) await deliver(found);
      reply.code(202).header('cache-control', 'no-store');
      return { events: found.map((delivery) => delivery.event), more };
    },
  );

  app.post(
    `${ONE}/test`,
    {
      onRequest: async (request) => void manage(request),
      schema: {
        ...{ ...SHARED, operationId: 'testWebhook', params: schemas.webhookParams },
        summary: 'Deliver an event of type ping; its attempt tells what came of it',
        response: { 202: schemas.pingView, ...FAULTS },
      },
    },
    async (request, reply) => {
      const { workspace, id: endpoint } = await webhooks.find(manage(request).workspace, request.params.name);
      const event = `ping-${randomUUID()}`;
      const delivery = { workspace, endpoint, event, type: 'ping', profileId: '', topic: '', partition: 0, offset: 0 };
      // Once, and behind no other: who tries does not wait
      await queue.add([{ ...webhookJob(delivery, { random: Math.random }), group: event, attempts: 1 }]);
      reply.code(202).header('cache-control', 'no-store');
      return { event };
    },
  );
}
