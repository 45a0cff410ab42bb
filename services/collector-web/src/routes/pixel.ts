import { typeOf } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PIXEL } from '../openapi/describe.ts';
import { type Pipeline, receiveEncoded } from '../pipeline.ts';

/** A transparent pixel, 1 × 1. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

interface PixelRequest {
  Params: { type: string };
  Querystring: { data?: unknown };
}

/**
 * `GET /v1/pixel/{type}?data=<base64>&writeKey=`: an event from where no script runs (a mail). Always 200 and a gif,
 * so that no page ever shows a broken picture; what was wrong is counted.
 * @param onRefused told the fault of a call that brought no event
 */
export function mountPixel(app: FastifyInstance, pipeline: Pipeline, onRefused: (error: unknown) => void): void {
  app.get<PixelRequest>('/v1/pixel/:type', { config: { openapi: PIXEL } }, async (request, reply) => {
    try {
      pipeline.admission.enter(request.url.length, false, reply.raw);
      pipeline.admission.hold(request.url.length, reply.raw);
      const type = typeOf(request.params.type);
      if (type === null) throw new KenalError('not_found', `no event type ${request.params.type.slice(0, 32)}`);
      await receiveEncoded(pipeline, type, request.query.data, request as FastifyRequest, reply);
    } catch (error) {
      onRefused(error);
    }
    return sendGif(reply);
  });
}

function sendGif(reply: FastifyReply): FastifyReply {
  return reply.code(200).header('content-type', 'image/gif').header('cache-control', 'no-store, max-age=0').send(GIF);
}
