import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { KenalError } from '@kenal/errors';
import { createRoom, type Visit } from './room.ts';

/** Bounds the bytes that are in hand, and knows when nothing is. */
export interface Admission {
  /**
   * Let a request in until its response closes, sent or cut off. Nothing is reserved: who announces much and sends
   * little takes no room from others.
   * @param announced bytes that it says it brings; refused where there would be no room for them now
   * @param isKnown whether it has shown a key of ours
   * @throws KenalError `draining`, `overloaded`
   */
  enter(announced: number, isKnown: boolean, response: ServerResponse): void;
  /**
   * Count each piece of a body as it arrives. Where it must give way to others, the stream ends with `overloaded`.
   * A small one that said its length counts once it is whole: until then it takes less than the headers before it.
   */
  count(payload: Readable, response: ServerResponse): void;
  /** The body is whole. @throws KenalError `overloaded` */
  arrived(bytes: number, response: ServerResponse): void;
  /** Bytes that were made of a body, in hand until the response closes. @throws KenalError `overloaded` */
  hold(bytes: number, response: ServerResponse): void;
  /**
   * Let nobody in any more, and cut off who is still in after the deadline.
   * @returns when the last one is out
   */
  drain(deadlineMs: number): Promise<void>;
}

/** Listening to a stream costs 5 µs, a tenth of what a lone event costs in all. */
const SMALL_BYTES = 4 * 1024;

interface Entered extends Visit {
  readonly isSmall: boolean;
}

/** @param limit most bytes in hand @param waiting bytes that wait elsewhere for the same log */
export function createAdmission(limit: number, waiting: () => number): Admission {
  const room = createRoom(limit, waiting);
  const visits = new Map<ServerResponse, Entered>();
  let draining = false;
  let onIdle: (() => void) | null = null;

  function leave(response: ServerResponse): void {
    const visit = visits.get(response);
    if (visit === undefined) return;
    room.leave(visit);
    visits.delete(response);
    if (visits.size === 0) onIdle?.();
  }

  return {
    enter(announced, isKnown, response) {
      if (draining) throw new KenalError('draining');
      const visit: Entered = { isKnown, isSmall: announced > 0 && announced <= SMALL_BYTES, bytes: 0, giveWay: null };
      room.enter(visit, announced);
      visits.set(response, visit);
      response.once('close', () => leave(response));
    },
    count(payload, response) {
      const visit = visits.get(response);
      if (visit === undefined || visit.isSmall) return;
      const onData = (piece: Buffer): void => {
        try {
          room.hold(visit, piece.length);
        } catch (error) {
          payload.emit('error', error);
        }
      };
      const done = (): void => {
        payload.off('data', onData);
        room.settle(visit);
      };
      // fastify, which reads along, answers with the error and closes the connection
      visit.giveWay = (error) => payload.emit('error', error);
      payload.on('data', onData).once('end', done).once('error', done);
    },
    arrived(bytes, response) {
      const visit = visits.get(response);
      if (visit?.isSmall) room.hold(visit, bytes);
    },
    hold(bytes, response) {
      const visit = visits.get(response);
      if (visit !== undefined) room.hold(visit, bytes);
    },
    async drain(deadlineMs) {
      draining = true;
      if (visits.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onIdle = resolve;
      const deadline = setTimeout(() => {
        for (const response of [...visits.keys()]) {
          response.destroy();
          leave(response);
        }
      }, deadlineMs);
      await promise;
      clearTimeout(deadline);
    },
  };
}
