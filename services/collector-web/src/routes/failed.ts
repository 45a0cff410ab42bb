import { type BlobStore, createTrackingAgain, mountAgain } from '@kenal/collector-kit';
import type { Clock } from '@kenal/contracts';
import type { ReadKeys } from '@kenal/service-kit';
import type { FastifyInstance } from 'fastify';
import type { Pipeline } from '../pipeline.ts';

export interface FailedRoutes {
  readonly pipeline: Pipeline;
  readonly blobs: BlobStore;
  readonly readKeys: ReadKeys;
  readonly clock: Clock;
}

/** Failed events of the tracking API and of imports once more: `/v1/hooks/{web,import}/<workspace>/<source>/failed/…`. */
export function mountFailed(app: FastifyInstance, { pipeline, blobs, readKeys, clock }: FailedRoutes): void {
  const { acceptor, keyring, limits } = pipeline;
  const routes = { acceptor, keyring, blobs, limits, readKeys, clock };
  for (const kind of ['web', 'import'] as const) mountAgain(app, routes, kind, createTrackingAgain(limits));
}
