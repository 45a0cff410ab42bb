import {
  type Acceptor,
  type Admission,
  answerAccepted,
  answerRefused,
  attributesIn,
  batchOf,
  type CloudCall,
  decodeBody,
  type Fault,
  findKey,
  type KeyAccess,
  type Keyring,
  type Limits,
  openKey,
  pace,
  type RateLimiter,
  type Rejection,
  readCall,
  toEvent,
} from '@kenal/collector-kit';
import { FAILED_BODY } from '@kenal/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CLOUDEVENTS } from './describe.ts';

export interface CloudEventsDeps {
  readonly acceptor: Acceptor;
  readonly keyring: Keyring;
  readonly rates: RateLimiter;
  readonly admission: Admission;
  readonly limits: Limits;
}

const EMPTY = Buffer.alloc(0);
/** Content type of an event that could not be mapped. */
const CLOUDEVENT_TYPE = 'application/cloudevents+json';

/** `POST /v1/cloudevents`, with a write key; 200 means that every event is durable, as an interaction or a failed event. */
export function mountCloudEvents(app: FastifyInstance, deps: CloudEventsDeps): void {
  const { keyring, admission, limits } = deps;
  // Before the body is read: none of it can name the key
  const open = ({ headers, query }: FastifyRequest): KeyAccess =>
    openKey(keyring, findKey({ headers, query, body: null }));
  app.post('/v1/cloudevents', {
    bodyLimit: limits.bodyBytes,
    config: { openapi: CLOUDEVENTS },
    onRequest: (request, reply, done) => {
      open(request);
      admission.enter(Number(request.headers['content-length'] ?? 0), true, reply.raw);
      done();
    },
    preParsing: (_request, reply, payload, done) => {
      admission.count(payload, reply.raw);
      done(null, payload);
    },
    handler: (request, reply) => receive(deps, open(request), request, reply),
  });
}

async function receive(
  { acceptor, rates, admission, limits }: CloudEventsDeps,
  access: KeyAccess,
  { headers, body: sent }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const wire = (sent as Buffer | undefined) ?? EMPTY;
  admission.arrived(wire.length, reply.raw);
  const decoded = await decodeBody(wire, headers['content-encoding'], limits.bodyBytes);
  const body = decoded.ok ? decoded.value : wire;
  if (body !== wire) admission.hold(body.length, reply.raw);
  const call = decoded.ok ? await readCall(headers, body, limits) : decoded;
  pace(rates, access, call.ok ? call.value.events.length : 1, reply);
  if (!call.ok) {
    const ce = attributesIn(headers);
    const frame = { ...(Object.keys(ce).length === 0 ? {} : { headers: ce }), ...frameOf(access) };
    const contentType = headers['content-type'] ?? '';
    await acceptor.refuse(access.source, { fault: call.fault, body, contentType, frame });
    return answerRefused(reply, call.fault);
  }
  const { listed } = call.value;
  const { accepted, rejected } = await take(acceptor, access, call.value);
  const [first] = rejected;
  if (!listed && first !== undefined) return answerRefused(reply, first);
  const placed = rejected.map((one) => ({ ...one, path: `$[${one.index}]${one.path.slice(1)}` }));
  return answerAccepted(reply, { accepted, rejected: placed });
}

/** Events → interactions and, each alone, failed ones; all durable when it resolves. */
async function take(acceptor: Acceptor, access: KeyAccess, { events, bytesOf }: CloudCall) {
  const { source, scope } = access;
  const mapped = events.map((event) => (event.ok ? toEvent(event.value, source, scope === 'public') : event));
  const good = mapped.flatMap((outcome, index) => (outcome.ok ? [{ index, event: outcome.value }] : []));
  const bad = mapped.flatMap((outcome, index) => (outcome.ok ? [] : [{ index, fault: outcome.fault }]));
  const refuse = ({ index, fault }: { readonly index: number; readonly fault: Fault }): Promise<void> =>
    acceptor.refuse(source, { fault, body: bytesOf(index), contentType: CLOUDEVENT_TYPE, frame: frameOf(access) });
  const batch = batchOf(
    good.map(({ event }) => event),
    { listed: false, contentType: FAILED_BODY.event },
  );
  const [acceptance] = await Promise.all([acceptor.accept(source, batch), ...bad.map(refuse)]);
  const rejected: Rejection[] = [
    ...bad.map(({ index, fault }) => ({ index, messageId: null, ...fault })),
    ...acceptance.rejected.map((one) => ({ ...one, index: good[one.index]?.index ?? one.index })),
  ].sort((a, b) => a.index - b.index);
  return { accepted: acceptance.accepted, rejected };
}

/** For who sends it again: what a page claims of an event's place is looked at no more then than now. */
function frameOf({ scope }: KeyAccess): { readonly isPublic?: true } {
  return scope === 'public' ? { isPublic: true } : {};
}
