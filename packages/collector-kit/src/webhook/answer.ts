import type { FastifyReply } from 'fastify';
import type { Received } from './receive.ts';
import type { VendorAnswer } from './vendor.ts';

export const EMPTY = Buffer.alloc(0);

/** What a vendor that wants nothing of its own is answered; people read it too. */
export function summary({ accepted, rejected }: Pick<Received, 'accepted' | 'rejected'>): VendorAnswer {
  const told = rejected.map(({ code, path, reason }) => ({ code, path, reason }));
  return {
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({ success: true, accepted, rejected: told }),
  };
}

export function sendAnswer(reply: FastifyReply, { status, contentType, body }: VendorAnswer): FastifyReply {
  return reply.code(status).header('content-type', contentType).send(body);
}
