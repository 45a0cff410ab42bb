import { Worker } from 'node:worker_threads';
import type { Outcome } from '@kenal/collector-kit';
import type { ReaderAnswer, ReaderJob } from './worker.ts';

/** A thread that reads bodies. */
export interface ReaderThread {
  send(job: ReaderJob): void;
  /** Ends it, whatever it does; none of the callbacks is called any more. */
  end(): Promise<unknown>;
}

export interface ReaderThreadEvents {
  readonly onReady: () => void;
  readonly onAnswer: (id: number, outcome: Outcome<unknown>) => void;
  /** It ended by itself. */
  readonly onGone: (why: 'memory' | 'crash', error: unknown) => void;
}

const PROGRAM = new URL('./worker.ts', import.meta.url);

/** @param heapMb of its heap; the bytes of a body and of its attachments lie beside it, and are bounded by the body */
export function launchReader(heapMb: number, { onReady, onAnswer, onGone }: ReaderThreadEvents): ReaderThread {
  const worker = new Worker(PROGRAM, { resourceLimits: { maxOldGenerationSizeMb: heapMb, stackSizeMb: 4 } });
  let isOver = false;
  const gone = (why: 'memory' | 'crash', error: unknown): void => {
    if (isOver) return;
    isOver = true;
    onGone(why, error);
  };
  worker.unref();
  worker.on('message', (said: 'ready' | ReaderAnswer) => {
    if (isOver) return;
    if (said === 'ready') onReady();
    else onAnswer(said.id, said.outcome as Outcome<unknown>);
  });
  worker.on('error', (error: NodeJS.ErrnoException) =>
    gone(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash', error),
  );
  worker.on('exit', (code) => gone('crash', new Error(`exit code ${code}`)));
  return {
    // Copied by the call: the caller keeps the body, in case it must be kept whole
    send: (job) => worker.postMessage(job),
    end() {
      isOver = true;
      return worker.terminate();
    },
  };
}
