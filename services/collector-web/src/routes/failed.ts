import {
  type BatchAgain,
  batchOf,
  findSource,
  isRecord,
  mountAgain,
  parseBody,
  type Source,
} from '@kenal/collector-kit';
import type { Clock } from '@kenal/contracts';
import type { ReadKeys } from '@kenal/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pipeline } from '../pipeline.ts';

export interface FailedRoutes {
  readonly pipeline: Pipeline;
  readonly readKeys: ReadKeys;
  readonly clock: Clock;
}

/** Failed events of the tracking API and of imports once more: `/v1/hooks/{web,import}/<workspace>/<source>/failed/…`. */
export function mountFailed(app: FastifyInstance, { pipeline, readKeys, clock }: FailedRoutes): void {
  const { acceptor, keyring, limits } = pipeline;
  const routes = { acceptor, readKeys, clock };

  /** One event of a call, with what the call had said of all its events; or the body of a whole call. */
  const eventsAgain: BatchAgain = async (_source, { body, frame }) => {
    const { type = null, sentAt = null, context = null, anonymousId = null } = frame;
    const parsed = await parseBody(body, true, limits);
    if (!parsed.ok) return { batch: batchOf([]), faults: [parsed.fault] };
    const { hasList, events, envelope } = parsed.value;
    const batch = batchOf(hasList ? events : [envelope], {
      type: typeof type === 'string' ? type : null,
      sentAt: hasList ? (envelope.sentAt ?? sentAt) : sentAt,
      context: hasList && isRecord(envelope.context) ? envelope.context : isRecord(context) ? context : null,
      anonymousId: typeof anonymousId === 'string' ? anonymousId : null,
    });
    return { batch, faults: [] };
  };

  for (const kind of ['web', 'import'] as const) {
    const find = (request: FastifyRequest): Source => findSource(keyring, kind, request.params);
    mountAgain(app, routes, kind, find, eventsAgain);
  }
}
