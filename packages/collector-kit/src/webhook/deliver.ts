import type { IncomingHttpHeaders } from 'node:http';
import { isKenalError, KenalError } from '@kenal/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../http/admission.ts';
import { pace } from '../http/pace.ts';
import type { RateHolder, RateLimiter } from '../rate-limit.ts';
import type { Source } from '../source.ts';
import { EMPTY, sendAnswer, summary } from './answer.ts';
import type { Deliveries, DeliveryEntry } from './deliveries.ts';
import type { Proof, Proved } from './proof.ts';
import { type ReceiveDeps, type Received, receive } from './receive.ts';
import type { Headers, Vendor, VendorAnswer } from './vendor.ts';

export interface DeliverDeps extends ReceiveDeps {
  readonly proof: Proof;
  readonly rates: RateLimiter;
  readonly admission: Admission;
  readonly deliveries: Deliveries;
}

export type Deliver = (source: Source, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** A call that was refused before its body was whole, over the limit say: who asks why nothing arrives finds it too. */
export function noteUnread(deps: DeliverDeps, source: Source, request: FastifyRequest, error: unknown): void {
  // What is not ours is fastify's: the body went on beyond the limit
  const { code, status } = isKenalError(error) ? error : new KenalError('body_too_large');
  deps.deliveries.note(source, {
    ...{ at: deps.clock(), method: request.method, bytes: Number(request.headers['content-length'] ?? 0) },
    ...{ signature: 'unknown', status, outcome: 'refused', ...NOTHING, code, milliseconds: 0 },
  });
}

/** Deliveries of a source a second, where it names no limit of its own. */
const PER_SECOND = 100_000;

type Outcome = Pick<DeliveryEntry, 'outcome' | 'code' | 'events' | 'rejected' | 'messageIds'>;
const NOTHING = { code: null, events: 0, rejected: 0, messageIds: [] } as const;

/** One delivery of a vendor: proved, taken, answered, and noted whatever became of it. */
export function createDeliver(deps: DeliverDeps, vendor: Vendor): Deliver {
  const holders = new WeakMap<Source, RateHolder>();
  const holderOf = (source: Source): RateHolder => {
    const holder = holders.get(source) ?? { eventsPerSecond: source.config.eventsPerSecond ?? PER_SECOND };
    holders.set(source, holder);
    return holder;
  };

  async function taken(
    source: Source,
    proved: Proved,
    headers: Headers,
    body: Buffer,
    reply: FastifyReply,
  ): Promise<[VendorAnswer, Outcome]> {
    try {
      pace(deps.rates, holderOf(source), 1, reply, 'deliveries');
      if (proved.isRepeat)
        return [vendor.answer ?? summary({ accepted: 0, rejected: [] }), { outcome: 'repeat', ...NOTHING }];
      const hold = (bytes: number): void => deps.admission.hold(bytes, reply.raw);
      const received = await receive(deps, vendor, { source, headers, body, hold });
      proved.done();
      return [received.answer ?? vendor.answer ?? summary(received), outcomeOf(received)];
    } catch (error) {
      proved.release();
      throw error;
    }
  }

  return async function deliver(source, request, reply) {
    const began = performance.now();
    const body = (request.body as Buffer | undefined) ?? EMPTY;
    deps.admission.arrived(body.length, reply.raw);
    const { method, url, headers, query } = request;
    const note = (signature: string, status: number, outcome: Outcome): void => {
      const milliseconds = Math.round(performance.now() - began);
      deps.deliveries.note(source, {
        at: deps.clock(),
        method,
        bytes: body.length,
        signature,
        status,
        ...outcome,
        milliseconds,
      });
    };
    let signature = 'unknown';
    try {
      const ping = vendor.unsigned?.(body, flat(headers)) ?? null;
      if (ping !== null) {
        note('none', ping.status, { outcome: 'handshake', ...NOTHING });
        return sendAnswer(reply, ping);
      }
      const proved = await deps.proof.prove(source, { method, url, headers, query, body });
      signature = proved.signature;
      const [answer, outcome] = await taken(source, proved, flat(headers), body, reply);
      note(signature, answer.status, outcome);
      return sendAnswer(reply, answer);
    } catch (error) {
      const { code, status } = isKenalError(error) ? error : { code: 'internal', status: 500 };
      note(signature === 'unknown' ? code : signature, status, { outcome: 'refused', ...NOTHING, code });
      throw error;
    }
  };
}

function outcomeOf({ outcome, accepted, rejected, messageIds }: Received): Outcome {
  return { outcome, code: rejected[0]?.code ?? null, events: accepted, rejected: rejected.length, messageIds };
}

function flat(headers: IncomingHttpHeaders): Headers {
  const named = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return Object.fromEntries(named);
}
