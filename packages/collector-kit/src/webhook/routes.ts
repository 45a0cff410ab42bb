import type { SourceKind } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { authenticate, authenticateSteward, type ReadKeys } from '@kenal/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Keyring } from '../keyring.ts';
import type { Secrets } from '../secrets.ts';
import type { Source } from '../source.ts';
import { EMPTY, sendAnswer, summary } from './answer.ts';
import { createDeliver, type DeliverDeps } from './deliver.ts';
import { receiveAgain } from './receive.ts';
import type { Vendor } from './vendor.ts';

export interface WebhookRoutes extends DeliverDeps {
  readonly keyring: Keyring;
  readonly readKeys: ReadKeys;
  readonly secrets: Secrets;
}

type Params = { readonly workspace: string; readonly source: string };

const MAX_WIRE_BYTES = 1024 * 1024;

/** `/v1/hooks/<kind>/<workspace>/<source>`: deliveries, challenges, what became of the last ones, and failed ones again. */
export function mountVendor(app: FastifyInstance, routes: WebhookRoutes, vendor: Vendor): void {
  const path = `/v1/hooks/${vendor.kind}/:workspace/:source`;
  const bodyLimit = vendor.maxBytes ?? MAX_WIRE_BYTES;
  const find = ({ params }: FastifyRequest): Source => sourceOf(routes.keyring, vendor.kind, params as Params);
  const deliver = createDeliver(routes, vendor);

  app.post(path, {
    bodyLimit,
    onRequest: (request, reply, done) => {
      find(request);
      routes.admission.enter(Number(request.headers['content-length'] ?? 0), false, reply.raw);
      done();
    },
    preParsing: (_request, reply, payload, done) => {
      routes.admission.count(payload, reply.raw);
      done(null, payload);
    },
    handler: (request, reply) => deliver(find(request), request, reply),
  });

  app.get(path, (request, reply) => {
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

  app.get(`${path}/deliveries`, (request) => {
    const source = find(request);
    mustBe(authenticate(routes.readKeys, request), source);
    return { deliveries: routes.deliveries.of(source) };
  });

  app.post(`${path}/replay`, { bodyLimit }, async (request, reply) => {
    const source = find(request);
    mustBe(authenticateSteward(routes.readKeys, request).workspace, source);
    const body = (request.body as Buffer | undefined) ?? EMPTY;
    const contentType = request.headers['content-type'] ?? '';
    const received = await receiveAgain(routes, vendor, { source, headers: {}, body }, contentType);
    return sendAnswer(reply, summary(received));
  });
}

/** @throws KenalError `not_found`, `forbidden` where it is switched off */
function sourceOf(keyring: Keyring, kind: SourceKind, { workspace, source: id }: Params): Source {
  const source = keyring.source(workspace, id);
  if (source === null || source.kind !== kind)
    throw new KenalError('not_found', `workspace ${workspace} has no source ${id} of kind ${kind} (kenal.yaml)`);
  if (!source.enabled) throw new KenalError('forbidden', `source ${id} is switched off`);
  return source;
}

function mustBe(workspace: string, source: Source): void {
  if (workspace !== source.workspace)
    throw new KenalError('forbidden', `the key is one of workspace ${workspace}, not of ${source.workspace}`);
}
