import {
  type Acceptor,
  type BatchAgain,
  type BlobStore,
  batchOf,
  createTrackingAgain,
  type Keyring,
  mountAgain,
  VENDOR_LIMITS,
} from '@kenal/collector-kit';
import { type Clock, FAILED_BODY } from '@kenal/contracts';
import type { ReadKeys } from '@kenal/service-kit';
import type { FastifyInstance } from 'fastify';
import { EVENT_BYTES, readFrame } from './frame.ts';

export interface FailedRoutes {
  readonly acceptor: Acceptor;
  readonly keyring: Keyring;
  readonly blobs: BlobStore;
  readonly readKeys: ReadKeys;
  readonly clock: Clock;
}

/** Failed events of the widget once more: `/v1/hooks/widget/<workspace>/<source>/failed/…`. */
export function mountFailed(app: FastifyInstance, routes: FailedRoutes): void {
  const trackingAgain = createTrackingAgain(VENDOR_LIMITS);
  const widgetAgain: BatchAgain = (source, failed) =>
    failed.contentType === FAILED_BODY.frame ? frameAgain(failed.body) : trackingAgain(source, failed);
  mountAgain(app, { ...routes, limits: VENDOR_LIMITS }, 'widget', widgetAgain);
}

/** A frame that could not be read; a `hello` comes to no event. */
async function frameAgain(body: Buffer): ReturnType<BatchAgain> {
  const frame = readFrame(body, EVENT_BYTES, true);
  if (frame.kind === 'fault') return { batch: batchOf([]), faults: [frame.fault] };
  const events = frame.kind === 'event' ? [frame.event] : [];
  return { batch: batchOf(events, { contentType: FAILED_BODY.event }), faults: [] };
}
