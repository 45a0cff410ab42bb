import { formatTime } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { authenticate } from '@kenal/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AgainRoutes, mountAgain } from '../again/routes.ts';
import { findSource } from '../find-source.ts';
import type { Secrets } from '../secrets.ts';
import type { Source } from '../source.ts';
import { sendAnswer } from './answer.ts';
import { createDeliver, type DeliverDeps, noteUnread } from './deliver.ts';
import { describeChallenge, describeDeliveries, describeDelivery } from './describe.ts';
import { vendorBatchAgain } from './receive.ts';
import { VENDOR_BODY_BYTES, type Vendor } from './vendor.ts';

export interface WebhookRoutes extends DeliverDeps, AgainRoutes {
  readonly secrets: Secrets;
}

/** `/v1/hooks/<kind>/<workspace>/<source>`: deliveries, challenges, what became of the last ones, and failed ones again. */
export function mountVendor(app: FastifyInstance, routes: WebhookRoutes, vendor: Vendor): void {
  const path = `/v1/hooks/${vendor.kind}/:workspace/:source`;
  const bodyLimit = vendor.maxBytes ?? VENDOR_BODY_BYTES;
  const find = ({ params }: FastifyRequest): Source => findSource(routes.keyring, vendor.kind, params);
  const deliver = createDeliver(routes, vendor);
  /** They are noted by `deliver`. */
  const read = new WeakSet<FastifyRequest>();

  app.post(path, {
    bodyLimit,
    config: { openapi: describeDelivery(vendor.kind) },
    onRequest: (request, reply, done) => {
      find(request);
      routes.admission.enter(Number(request.headers['content-length'] ?? 0), false, reply.raw);
      done();
    },
    preParsing: (_request, reply, payload, done) => {
      routes.admission.count(payload, reply.raw);
      done(null, payload);
    },
    handler: (request, reply) => {
      read.add(request);
      return deliver(find(request), request, reply);
    },
    onError: (request, _reply, error, done) => {
      const { workspace, source: id } = request.params as { readonly workspace: string; readonly source: string };
      const source = routes.keyring.source(workspace, id);
      if (source?.config.kind === vendor.kind && !read.has(request)) noteUnread(routes, source, request, error);
      done();
    },
  });

  app.get(path, { config: { openapi: describeChallenge(vendor.kind) } }, (request, reply) => {
    const { workspace, id } = find(request);
    const query = request.query as Record<string, unknown>;
    const answer = vendor.challenge?.(query, routes.secrets.verifyToken(workspace, id)) ?? null;
    if (answer === null)
      throw new KenalError(
        'forbidden',
        `nothing is shown here without a token of ours; ${vendor.kind} delivers by POST`,
      );
    return sendAnswer(reply, answer);
  });

  app.get(`${path}/deliveries`, { config: { openapi: describeDeliveries(vendor.kind) } }, (request) => {
    const source = find(request);
    mustBe(authenticate(routes.readKeys, request, 'events').workspace, source);
    return { deliveries: routes.deliveries.of(source).map(({ at, ...rest }) => ({ at: formatTime(at), ...rest })) };
  });

  mountAgain(app, routes, vendor.kind, vendorBatchAgain(routes, vendor));
}

function mustBe(workspace: string, source: Source): void {
  if (workspace !== source.workspace)
    throw new KenalError('forbidden', `the key is one of workspace ${workspace}, not of ${source.workspace}`);
}
