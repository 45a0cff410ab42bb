import type { ServerResponse } from 'node:http';
import { KenalError } from '@kenal/errors';

/** Bounds the bytes that are in hand, and knows when nothing is. */
export interface Admission {
  /**
   * Let a request in until its response closes, sent or cut off. Nothing is reserved: who announces much and sends
   * little takes no room from others.
   * @param announced bytes that it says it brings; refused where there would be no room for them now
   * @throws KenalError `draining`, `overloaded`
   */
  enter(announced: number, response: ServerResponse): void;
  /** Bytes that have arrived or were made, in hand until the response closes. @throws KenalError `overloaded` */
  hold(bytes: number, response: ServerResponse): void;
  /**
   * Let nobody in any more, and cut off who is still in after the deadline.
   * @returns when the last one is out
   */
  drain(deadlineMs: number): Promise<void>;
}

/** @param limit most bytes in hand @param waiting bytes that wait elsewhere for the same log */
export function createAdmission(limit: number, waiting: () => number): Admission {
  const inHand = new Map<ServerResponse, number>();
  let total = 0;
  let draining = false;
  let onIdle: (() => void) | null = null;

  function checkRoom(bytes: number): void {
    if (total + waiting() + bytes > limit) throw new KenalError('overloaded');
  }

  function leave(response: ServerResponse): void {
    total -= inHand.get(response) ?? 0;
    inHand.delete(response);
    if (inHand.size === 0) onIdle?.();
  }

  return {
    enter(announced, response) {
      if (draining) throw new KenalError('draining');
      checkRoom(announced);
      inHand.set(response, 0);
      response.once('close', () => leave(response));
    },
    hold(bytes, response) {
      const held = inHand.get(response);
      if (held === undefined) return; // the client is gone: nobody would give the room back
      checkRoom(bytes);
      total += bytes;
      inHand.set(response, held + bytes);
    },
    async drain(deadlineMs) {
      draining = true;
      if (inHand.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onIdle = resolve;
      const deadline = setTimeout(() => {
        for (const response of [...inHand.keys()]) {
          response.destroy();
          leave(response);
        }
      }, deadlineMs);
      await promise;
      clearTimeout(deadline);
    },
  };
}
