import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { KenalError } from '@kenal/errors';
import type { Role } from '../warehouse.ts';
import type { NativeAnswer, NativeRequest, TakeBytes } from './guarded-session.ts';
import { letGo, type Pool } from './session-pool.ts';

interface Asked {
  readonly id: number;
  readonly role: Role;
  readonly request: NativeRequest;
  /** Bytes are wanted as they come. */
  readonly inPieces: boolean;
}
interface Left {
  readonly id: number;
  readonly left: true;
}

type Answered =
  | { readonly id: number; readonly piece: Uint8Array; readonly rows: number }
  | { readonly id: number; readonly answer: NativeAnswer }
  /** Text of the fault: the engine's own text, with its code, is all that `mapFault` reads. */
  | { readonly id: number; readonly fault: string };

/** Let another thread of this process use the pool: chDB itself works on one thread only. @returns that thread's end */
export function sharePool(pool: Pool): MessagePort {
  const { port1: here, port2: there } = new MessageChannel();
  const callers = new Map<number, AbortController>();
  const tell = (answered: Answered): void => here.postMessage(answered);
  const answer = async ({ id, role, request, inPieces }: Asked): Promise<Answered> => {
    const caller = new AbortController();
    callers.set(id, caller);
    try {
      const take = inPieces ? (piece: Uint8Array, rows: number) => tell({ id, piece, rows }) : undefined;
      return { id, answer: await pool.run(role, request, caller.signal, take) };
    } catch (error) {
      return { id, fault: error instanceof Error ? error.message : String(error) };
    } finally {
      callers.delete(id);
    }
  };
  here.on('message', async (message: Asked | Left) => {
    if ('left' in message) callers.get(message.id)?.abort(new Error('the caller has gone'));
    else tell(await answer(message));
  });
  here.unref(); // it lives as long as its threads do
  return there;
}

/** The pool of another thread. Closing it closes the channel, not that pool. */
export function connectPool(port: MessagePort): Pool {
  const waiting = new Map<number, PromiseWithResolvers<NativeAnswer> & { readonly take: TakeBytes | undefined }>();
  let lastId = 0;
  let closed = false;
  const gone = (): KenalError => new KenalError('unavailable', 'the warehouse is closed');
  port.on('message', (answered: Answered) => {
    const asked = waiting.get(answered.id);
    if ('piece' in answered) return asked?.take?.(answered.piece, answered.rows);
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
    run(role, request, signal, take) {
      if (closed) return Promise.reject(gone());
      if (signal?.aborted) return Promise.reject(signal.reason);
      const id = ++lastId;
      const asked = Promise.withResolvers<NativeAnswer>();
      waiting.set(id, { ...asked, take });
      port.postMessage({ id, role, request, inPieces: take !== undefined } satisfies Asked);
      const leave = () => port.postMessage({ id, left: true } satisfies Left);
      signal?.addEventListener('abort', leave, { once: true });
      const done = () => signal?.removeEventListener('abort', leave);
      asked.promise.then(done, done);
      return letGo(asked.promise, signal);
    },
    async close() {
      await Promise.allSettled(Array.from(waiting.values(), ({ promise }) => promise));
      port.close();
    },
  };
}
