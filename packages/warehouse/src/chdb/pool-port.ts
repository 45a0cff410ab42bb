import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { KenalError } from '@kenal/errors';
import type { Role } from '../warehouse.ts';
import type { NativeAnswer, NativeRequest } from './guarded-session.ts';
import { letGo, type Pool } from './session-pool.ts';

interface Asked {
  readonly id: number;
  readonly role: Role;
  readonly request: NativeRequest;
}

type Answered =
  | { readonly id: number; readonly answer: NativeAnswer }
  /** Text of the fault: the engine's own text, with its code, is all that `mapFault` reads. */
  | { readonly id: number; readonly fault: string };

/** Let another thread of this process use the pool: chDB itself works on one thread only. @returns that thread's end */
export function sharePool(pool: Pool): MessagePort {
  const { port1: here, port2: there } = new MessageChannel();
  const answer = async ({ id, role, request }: Asked): Promise<Answered> => {
    try {
      return { id, answer: await pool.run(role, request) };
    } catch (error) {
      return { id, fault: error instanceof Error ? error.message : String(error) };
    }
  };
  here.on('message', async (asked: Asked) => here.postMessage(await answer(asked)));
  here.unref(); // it lives as long as its threads do
  return there;
}

/** The pool of another thread. Closing it closes the channel, not that pool. */
export function connectPool(port: MessagePort): Pool {
  const waiting = new Map<number, PromiseWithResolvers<NativeAnswer>>();
  let lastId = 0;
  let closed = false;
  const gone = (): KenalError => new KenalError('unavailable', 'the warehouse is closed');
  port.on('message', (answered: Answered) => {
    const asked = waiting.get(answered.id);
    waiting.delete(answered.id);
    if ('answer' in answered) asked?.resolve(answered.answer);
    else asked?.reject(new Error(answered.fault));
  });
  port.on('close', () => {
    closed = true;
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  });
  return {
    run(role, request, signal) {
      if (closed) return Promise.reject(gone());
      const id = ++lastId;
      const asked = Promise.withResolvers<NativeAnswer>();
      waiting.set(id, asked);
      port.postMessage({ id, role, request } satisfies Asked);
      return letGo(asked.promise, signal);
    },
    async close() {
      await Promise.allSettled(Array.from(waiting.values(), ({ promise }) => promise));
      port.close();
    },
  };
}
