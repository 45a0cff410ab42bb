import { problemOf } from '@kenal/service-kit';
import type { FastifyReply } from 'fastify';
import type { Acceptance } from '../event-batch.ts';
import type { Fault } from '../fault.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const ONE = '{"success":true,"accepted":1,"rejected":[]}';

/** 200 with what became of each event. */
export function answerAccepted(
  reply: FastifyReply,
  { accepted, rejected }: Omit<Acceptance, 'position'>,
): FastifyReply {
  reply.header('content-type', JSON_TYPE);
  if (accepted === 1 && rejected.length === 0) return reply.send(ONE);
  return reply.send(
    JSON.stringify({
      success: true,
      accepted,
      rejected: rejected.map(({ index, messageId, code, path, reason }) => ({ index, messageId, code, path, reason })),
    }),
  );
}

/** 400 for a body, or its one event, that was refused. */
export function answerRefused(reply: FastifyReply, { code, path, reason }: Fault): FastifyReply {
  const problem = problemOf({ code, path, message: reason, status: 400 });
  return reply.code(400).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}
