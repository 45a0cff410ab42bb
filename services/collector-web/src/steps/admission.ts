import type { ServerResponse } from 'node:http';
import { KenalError } from '@kenal/errors';

/** Bounds the bytes that are in hand, and knows when nothing is. */
export interface Admission {
  /**
   * Let a request in until its response closes, sent or cut off.
   * @param bytes what it brings, as far as known
   * @throws KenalError `draining`, `overloaded`
   */
  enter(bytes: number, response: ServerResponse): void;
  /** More bytes than were announced, until the response closes. @throws KenalError `overloaded` */
  grow(bytes: number, response: ServerResponse): void;
  /** Let nobody in any more. @returns when the last one is out */
  drain(): Promise<void>;
}

/** @param limit most bytes in hand @param waiting bytes that wait elsewhere for the same log */
export function createAdmission(limit: number, waiting: () => number): Admission {
  let bytesInHand = 0;
  let requests = 0;
  let draining = false;
  let onIdle: (() => void) | null = null;

  function hold(bytes: number, response: ServerResponse, request: number): void {
    if (bytesInHand + waiting() + bytes > limit) throw new KenalError('overloaded');
    bytesInHand += bytes;
    requests += request;
    response.once('close', () => {
      bytesInHand -= bytes;
      requests -= request;
      if (requests === 0) onIdle?.();
    });
  }

  return {
    enter(bytes, response) {
      if (draining) throw new KenalError('draining');
      hold(bytes, response, 1);
    },
    grow(bytes, response) {
      if (bytes > 0) hold(bytes, response, 0);
    },
    drain() {
      draining = true;
      if (requests === 0) return Promise.resolve();
      return new Promise((resolve) => {
        onIdle = resolve;
      });
    },
  };
}
