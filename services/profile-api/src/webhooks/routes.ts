import { randomUUID } from 'node:crypto';
import {
  formatTime,
  type JobQueue,
  MICROS_PER_SECOND,
  newWebhookSchema,
  parseTime,
  webhookChangeSchema,
  webhookJob,
} from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import {
  authenticate,
  type KeyPlaces,
  opensBy,
  problemSchema,
  type Reader,
  type ReadKeys,
  type WebhookEndpoint,
} from '@kenal/service-kit';
import { readBody, readOptions } from '../http/read-body.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { FAULTS } from '../profiles/route-schemas.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { ManagedWebhooks } from './managed-webhooks.ts';
import * as schemas from './schemas.ts';

export interface WebhookRouteDeps {
  readonly readKeys: ReadKeys;
  readonly webhooks: ManagedWebhooks;
  readonly attemptLog: AttemptLog;
  readonly queue: Pick<JobQueue, 'add'>;
}

const PATH = '/v1/webhooks';
const ONE = `${PATH}/:name`;
const EXAMPLE = '{"name": "crm", "url": "https://crm.example/hooks", "filter": {"types": ["created"]}}';
const HOUR = 3_600 * MICROS_PER_SECOND;
const SHARED = { tags: ['webhooks'], security: opensBy('manage') };
/** Who has profiles told elsewhere must be able to read them. */
const TELLS = { ...SHARED, security: opensBy('manage', 'changes') };
const CLOSED = { ...FAULTS, 403: problemSchema };

/** `/v1/webhooks`: endpoints, and what became of deliveries to them. */
export function mountWebhooks(app: TypedApp, deps: WebhookRouteDeps): void {
  mountEndpoints(app, deps);
  mountChanges(app, deps);
  mountDeliveries(app, deps);
}

function mountEndpoints(app: TypedApp, { readKeys, webhooks }: WebhookRouteDeps): void {
  const manage = (request: KeyPlaces): Reader => authenticate(readKeys, request, 'manage');
  app.get(
    PATH,
    {
      schema: {
        ...{ ...SHARED, operationId: 'listWebhooks', summary: 'Endpoints of the workspace, those of kenal.yaml first' },
        response: { 200: schemas.webhooksView, ...CLOSED },
      },
    },
    async (request) => ({ webhooks: (await webhooks.list(manage(request).workspace)).map(present) }),
  );

  app.post(
    PATH,
    {
      onRequest: async (request) => void mayTell(manage(request)),
      schema: {
        ...{ ...TELLS, operationId: 'createWebhook', summary: 'Make an endpoint; its secret is shown once' },
        response: { 201: schemas.newWebhookView, ...CLOSED, 409: problemSchema },
      },
      config: { openapi: { body: newWebhookSchema } },
    },
    async (request, reply) => {
      const made = await webhooks.create(manage(request), readBody(newWebhookSchema, request.body, EXAMPLE));
      reply.code(201).header('cache-control', 'no-store');
      return { ...present(made.endpoint), secret: made.secret };
    },
  );

  app.get(
    ONE,
    {
      schema: {
        ...{ ...SHARED, operationId: 'getWebhook', summary: 'One endpoint', params: schemas.webhookParams },
        response: { 200: schemas.webhookView, ...CLOSED },
      },
    },
    async (request) => present(await webhooks.find(manage(request).workspace, request.params.name)),
  );
}

function mountChanges(app: TypedApp, { readKeys, webhooks }: WebhookRouteDeps): void {
  const manage = (request: KeyPlaces): Reader => authenticate(readKeys, request, 'manage');
  app.patch(
    ONE,
    {
      onRequest: async (request) => void mayTell(manage(request)),
      schema: {
        ...{ ...TELLS, operationId: 'changeWebhook', params: schemas.webhookParams },
        summary: 'Change an endpoint, or switch it on or off; on again it gets what was left out meanwhile',
        response: { 200: schemas.webhookView, ...CLOSED },
      },
      config: { openapi: { body: webhookChangeSchema } },
    },
    async (request) => {
      const change = readBody(webhookChangeSchema, request.body, EXAMPLE);
      return present(await webhooks.change(manage(request), request.params.name, change));
    },
  );

  app.delete(
    ONE,
    {
      schema: {
        ...{ ...SHARED, operationId: 'removeWebhook', params: schemas.webhookParams },
        summary: 'Remove an endpoint: nothing is delivered to it any more',
        response: { 200: schemas.removedView, ...CLOSED },
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
      onRequest: async (request) => void manage(request),
      schema: {
        ...{ ...SHARED, operationId: 'rotateWebhook', params: schemas.webhookParams },
        summary: 'A new secret, shown once; that of before signs as well for a while',
        response: { 200: schemas.newWebhookView, ...CLOSED, 409: problemSchema },
      },
      config: { openapi: { body: schemas.rotateRequest } },
    },
    async (request, reply) => {
      const { overlapHours } = readOptions(schemas.rotateRequest, request.body, '{"overlapHours": 24}');
      const made = await webhooks.rotate(manage(request), request.params.name, overlapHours * HOUR);
      reply.header('cache-control', 'no-store');
      return { ...present(made.endpoint), secret: made.secret };
    },
  );

  app.post(
    `${ONE}/stop`,
    {
      onRequest: async (request) => void manage(request),
      schema: {
        ...{ ...SHARED, operationId: 'stopWebhook', params: schemas.webhookParams },
        summary: 'Switch an endpoint off, with a reason: what deliveries do by themselves where it answered 410',
        response: { 200: schemas.webhookView, ...CLOSED },
      },
      config: { openapi: { body: schemas.stopRequest } },
    },
    async (request) => {
      const { reason } = readBody(schemas.stopRequest, request.body, EXAMPLE);
      return present(await webhooks.stop(manage(request), request.params.name, reason));
    },
  );
}

function mountDeliveries(app: TypedApp, { readKeys, webhooks, attemptLog, queue }: WebhookRouteDeps): void {
  const manage = (request: KeyPlaces): Reader => authenticate(readKeys, request, 'manage');
  app.get(
    `${ONE}/attempts`,
    {
      schema: {
        ...{ ...SHARED, operationId: 'listWebhookAttempts', summary: 'Attempts of the last 30 days, newest first' },
        ...{ params: schemas.webhookParams, querystring: schemas.attemptsQuery },
        response: { 200: schemas.attemptsView, ...CLOSED },
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
        summary: 'Deliver an event again, or all that did not arrive since a time; the webhook-id stays the same',
        response: { 202: schemas.resentView, ...CLOSED },
      },
      config: { openapi: { body: schemas.resendRequest } },
    },
    async (request, reply) => {
      const endpoint = await webhooks.find(manage(request).workspace, request.params.name);
      const { event = null, since = '' } = readBody(schemas.resendRequest, request.body, EXAMPLE);
      const found = await attemptLog.events(endpoint, event, parseTime(since) ?? 0);
      if (event !== null && found.length === 0)
        throw new KenalError('not_found', `no attempt of the last 30 days was for the event ${event}`);
      if (found.length > 0) await queue.add(found.map((delivery) => webhookJob(delivery, { random: Math.random })));
      reply.code(202).header('cache-control', 'no-store');
      return { events: found.map((delivery) => delivery.event) };
    },
  );

  app.post(
    `${ONE}/test`,
    {
      onRequest: async (request) => void manage(request),
      schema: {
        ...{ ...SHARED, operationId: 'testWebhook', params: schemas.webhookParams },
        summary: 'Deliver an event of type ping; its attempt tells what came of it',
        response: { 202: schemas.pingView, ...CLOSED },
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

/** Nobody has sent to a stranger what they may not read. */
function mayTell({ name, verbs, fields, workspace }: Reader): void {
  if (verbs.includes('changes') && fields === null) return;
  throw new KenalError(
    'forbidden',
    `${name} may not read all of the change feed of workspace ${workspace} itself (verb changes, without fields)`,
  );
}

function present(endpoint: WebhookEndpoint): schemas.WebhookView {
  const { id, name, from, url, description, filter, actions, enabled, disabledReason, rotatingUntil } = endpoint;
  return {
    ...{ id, name, from, url, description, actions, enabled, disabledReason },
    filter: filter as schemas.WebhookView['filter'],
    rotatingUntil: rotatingUntil === null ? null : formatTime(rotatingUntil),
  };
}
