import { type Transferable, Worker } from 'node:worker_threads';

/** What a thread says: what it is about to do, an answer, or what it failed of. */
export type Said = { readonly step: string } | { readonly answer: unknown } | { readonly fault: string };

/** A thread that computes, so that nothing waits for it. It begins with the first question; they are answered one at a time. */
export interface ThreadSession<Asked extends { readonly ask: string }, Answers extends Record<Asked['ask'], unknown>>
  extends AsyncDisposable {
  /** @param given what the thread may keep: it is not here any more */
  ask<K extends Asked['ask']>(
    asked: Extract<Asked, { readonly ask: K }>,
    given?: readonly Transferable[],
  ): Promise<Answers[K]>;
}

export interface ThreadOptions {
  /** Its module; it calls `answerQuestions`. */
  readonly module: URL;
  /** What it is called when it fails. */
  readonly name: string;
  readonly data?: unknown;
  /** Ends the thread: what is asked then rejects. */
  readonly signal: AbortSignal;
  /** Told what it is about to do. */
  readonly onStep?: (step: string) => void;
}

export function openThread<Asked extends { readonly ask: string }, Answers extends Record<Asked['ask'], unknown>>({
  module,
  name,
  data,
  signal,
  onStep,
}: ThreadOptions): ThreadSession<Asked, Answers> {
  let thread: Worker | null = null;
  let waiting: PromiseWithResolvers<unknown> | null = null;
  let ended: Error | null = null;
  const settle = (how: (asked: PromiseWithResolvers<unknown>) => void): void => {
    const asked = waiting;
    waiting = null;
    if (asked !== null) how(asked);
  };
  const hear = (said: Said): void => {
    if ('step' in said) onStep?.(said.step);
    else if ('fault' in said) settle((asked) => asked.reject(new Error(`the ${name} failed: ${said.fault}`)));
    else settle((asked) => asked.resolve(said.answer));
  };
  const end = (error: Error): void => {
    ended ??= error;
    settle((asked) => asked.reject(error));
  };
  const abort = (): void => {
    end(signal.reason as Error);
    void thread?.terminate();
  };
  const start = (): Worker => {
    const worker = new Worker(module, { workerData: data, execArgv: [] });
    worker.on('message', hear);
    worker.on('error', end);
    worker.on('exit', (code) => end(new Error(`the thread of the ${name} ended with ${code}`)));
    return worker;
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });

  return {
    ask: (asked, given = []) => {
      if (ended !== null) return Promise.reject(ended);
      waiting = Promise.withResolvers<unknown>();
      thread ??= start();
      thread.postMessage(asked, given);
      return waiting.promise as Promise<never>;
    },
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', abort);
      await thread?.terminate();
    },
  };
}
