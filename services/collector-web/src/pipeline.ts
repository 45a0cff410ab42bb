import {
  type Acceptor,
  type Admission,
  answerAccepted,
  answerRefused,
  decodeBody,
  findKey,
  type KeyAccess,
  type Keyring,
  type Limits,
  type Outcome,
  openKey,
  type ParsedBody,
  pace,
  parseBody,
  type RateLimiter,
  type SentKey,
  writeKeyOf,
} from '@kenal/collector-kit';
import { FAILED_BODY, POSITION_HEADER } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { anonymousIdOf } from './steps/anonymous-header.ts';
import { readBatch, readSingle } from './steps/read-batch.ts';
import { readRecords } from './steps/read-records.ts';

/** What the steps of one call share. */
export interface Pipeline {
  readonly acceptor: Acceptor;
  readonly keyring: Keyring;
  readonly rates: RateLimiter;
  readonly admission: Admission;
  readonly limits: Limits;
}

const EMPTY = Buffer.alloc(0);

declare module 'fastify' {
  interface FastifyRequest {
    /** What the key in the headers opened, so that it is looked up once; null where there was none. */
    opened: KeyAccess | null;
  }
}

/** Before the body is read: is there room, and is the key in the headers one of ours? A flood of strangers ends here. */
export function admit(pipeline: Pipeline, request: FastifyRequest, reply: FastifyReply): void {
  const { headers } = request.raw;
  const places = { headers: request.headers, query: request.query };
  const sent = findKey(places);
  if (sent !== null) request.opened = openKey(pipeline.keyring, sent);
  // One in the query counts only where the body brings none, but whoever has it is no stranger
  const late = sent === null ? findKey({ ...places, body: null }) : null;
  const isKnown = sent !== null || (late !== null && pipeline.keyring.find(late.key) !== null);
  pipeline.admission.enter(Number(headers['content-length'] ?? 0), isKnown, reply.raw);
}

/** A body that has arrived, and whose it is. */
interface Opened {
  readonly access: KeyAccess;
  /** Unpacked. */
  readonly body: Buffer;
  readonly parsed: Outcome<ParsedBody>;
  readonly contentType: string;
}

/** @param list name of the field that holds the list; null where the body is one event */
async function open(
  { admission, keyring, limits }: Pipeline,
  list: string | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Opened> {
  const { headers } = request;
  const wire = (request.body as Buffer | undefined) ?? EMPTY;
  admission.arrived(wire.length, reply.raw);
  const decoded = await decodeBody(wire, headers['content-encoding'], limits.bodyBytes);
  const body = decoded.ok ? decoded.value : wire;
  if (body !== wire) admission.hold(body.length, reply.raw);

  // Whose it is before what is in it: a stranger's body is not worth parsing
  const inBody = (): SentKey | null =>
    findKey({ headers, query: request.query, body: decoded.ok ? { writeKey: writeKeyOf(body) } : null });
  const access = request.opened ?? openKey(keyring, inBody());

  const parsed = decoded.ok ? await parseBody(body, list !== null, limits, list ?? undefined) : decoded;
  return { access, body, parsed, contentType: headers['content-type'] ?? '' };
}

/**
 * One call of the tracking API, from bytes to answer. 200 means that every event is durable.
 * @param type event type of the path; null where the body is a batch
 */
export async function receive(
  pipeline: Pipeline,
  type: string | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { acceptor, limits } = pipeline;
  const { access, body, parsed, contentType } = await open(pipeline, type === null ? 'batch' : null, request, reply);
  const isPublic = access.scope === 'public';
  const frame = { body, contentType, type, anonymousId: anonymousIdOf(request.headers.anonymousid), isPublic };
  // What is wrong with the body as a whole fails as a whole; a bad event of a list fails alone, inside `accept`
  const batch = !parsed.ok
    ? parsed
    : type === null
      ? readBatch(parsed.value, frame, limits)
      : ({ ok: true, value: readSingle(parsed.value, frame) } as const);

  pace(pipeline.rates, access, batch.ok ? batch.value.events.length : 1, reply);
  if (!batch.ok) {
    await acceptor.refuse(access.source, { fault: batch.fault, body, contentType, frame: frameOf(isPublic) });
    return answerRefused(reply, batch.fault);
  }
  const acceptance = await acceptor.accept(access.source, batch.value);
  // How much others send is nobody's to see in a page
  if (!isPublic && acceptance.position !== '') reply.header(POSITION_HEADER, acceptance.position);
  const refusal = type === null ? undefined : acceptance.rejected[0];
  return refusal === undefined ? answerAccepted(reply, acceptance) : answerRefused(reply, refusal);
}

/**
 * One call of `POST /v1/records`. 200 means that every record is durable: as such, or as a failed event.
 * @throws KenalError `forbidden` for a key that everybody can read in a page: what things cost is nobody's to say there
 */
export async function receiveRecords(
  pipeline: Pipeline,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { access, body, parsed } = await open(pipeline, 'records', request, reply);
  if (access.scope === 'public') throw new KenalError('forbidden', 'records need a key of scope secret');
  pace(pipeline.rates, access, parsed.ok ? parsed.value.events.length : 1, reply);
  const batch = parsed.ok ? readRecords(parsed.value, body, pipeline.limits) : parsed;
  if (batch.ok) return answerAccepted(reply, await pipeline.acceptor.accept(access.source, batch.value));
  await pipeline.acceptor.refuse(access.source, { fault: batch.fault, body, contentType: FAILED_BODY.record });
  return answerRefused(reply, batch.fault);
}

/**
 * One event from a query parameter: `eyJldmVudCI6…`, base64 or base64url of JSON.
 * @throws KenalError where it brings no event; one that is refused is kept and no error
 */
export async function receiveEncoded(
  pipeline: Pipeline,
  type: string,
  data: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const body = Buffer.from(typeof data === 'string' ? data.replaceAll(' ', '+') : '', 'base64');
  const parsed = await parseBody(body, false, pipeline.limits);
  const envelope = parsed.ok ? parsed.value.envelope : null;
  const access = openKey(pipeline.keyring, findKey({ headers: request.headers, query: request.query, body: envelope }));
  pace(pipeline.rates, access, 1, reply);
  const contentType = 'application/json';
  const isPublic = access.scope === 'public';
  if (parsed.ok) {
    const frame = { body, contentType, type, anonymousId: null, isPublic };
    await pipeline.acceptor.accept(access.source, readSingle(parsed.value, frame));
  } else {
    const frame = frameOf(isPublic);
    await pipeline.acceptor.refuse(access.source, { fault: parsed.fault, body, contentType, frame });
  }
}

/** Of a whole body that is refused: it gets no more say when it is sent again. */
function frameOf(isPublic: boolean): { readonly isPublic?: true } {
  return isPublic ? { isPublic } : {};
}
