import { Worker } from 'node:worker_threads';
import type { Answered, Answers, Asked, LinkageThreadData, OwnerPair, RowKeys, TableRow } from './messages.ts';

/** A table in a thread of its own, for one pass. Questions are answered one at a time. */
export interface LinkageSession extends AsyncDisposable {
  add(rows: readonly TableRow[]): Promise<void>;
  link(): Promise<Answers['link']>;
  keys(): AsyncGenerator<readonly RowKeys[]>;
  pairs(): AsyncGenerator<readonly OwnerPair[]>;
}

/** @param signal ends the thread: what is asked then rejects. @param onStep told what the linkage is about to do */
export function openLinkage(
  data: LinkageThreadData,
  signal: AbortSignal,
  onStep: (step: string) => void,
): LinkageSession {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: data, execArgv: [] });
  let waiting: PromiseWithResolvers<unknown> | null = null;
  let ended: Error | null = null;
  const settle = (how: (asked: PromiseWithResolvers<unknown>) => void): void => {
    const asked = waiting;
    waiting = null;
    if (asked !== null) how(asked);
  };
  thread.on('message', (said: Answered) => {
    if ('step' in said) onStep(said.step);
    else if ('fault' in said) settle((asked) => asked.reject(new Error(`the linkage failed: ${said.fault}`)));
    else settle((asked) => asked.resolve(said.answer));
  });
  const end = (error: Error): void => {
    ended ??= error;
    settle((asked) => asked.reject(error));
  };
  const abort = (): void => {
    end(signal.reason as Error);
    void thread.terminate();
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  thread.on('error', end);
  thread.on('exit', (code) => end(new Error(`the thread of the linkage ended with ${code}`)));

  function ask<K extends Asked['ask']>(asked: Extract<Asked, { readonly ask: K }>): Promise<Answers[K]> {
    if (ended !== null) return Promise.reject(ended);
    waiting = Promise.withResolvers<unknown>();
    thread.postMessage(asked);
    return waiting.promise as Promise<Answers[K]>;
  }

  async function* chunks<K extends 'keys' | 'pairs'>(what: K): AsyncGenerator<Answers[K]> {
    for (;;) {
      const chunk = await ask({ ask: what } as Extract<Asked, { readonly ask: K }>);
      if (chunk.length === 0) return;
      yield chunk;
    }
  }

  return {
    add: async (rows) => void (await ask({ ask: 'add', rows })),
    link: () => ask({ ask: 'link' }),
    keys: () => chunks('keys'),
    pairs: () => chunks('pairs'),
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', abort);
      await thread.terminate();
    },
  };
}
