import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { EncodeTask, Helper } from '@kenal/identity/linkage';
import { type ByteColumn, type ByteColumnData, columnData } from './byte-column.ts';
import type { ReadTask } from './read-csv-columns.ts';

/** A task as data that threads share. */
export type HelperMessage =
  | { readonly verb: 'read'; readonly task: ReadTask }
  | { readonly verb: 'encode'; readonly task: EncodeData }
  | {
      readonly [Verb in 'meet' | 'compare' | 'score']: {
        readonly verb: Verb;
        readonly task: Parameters<Helper[Verb]>[0];
      };
    }['meet' | 'compare' | 'score'];

type EncodeData = Omit<EncodeTask, 'columns'> & { readonly columns: readonly ByteColumnData[] };

export interface HelperData {
  /** Tasks that are done; below 0: one failed. */
  readonly done: Int32Array;
  /** Takes the result of each task, or why it failed. */
  readonly results: MessagePort;
}

export interface HelperThread {
  /** Read some columns of a file. @returns waits for them; null where the file is not to be read like that */
  read(task: ReadTask): () => readonly ByteColumnData[] | null;
  /** Its part in linking records with these columns. */
  linkage(columns: readonly ByteColumn[]): Helper;
  close(): Promise<void>;
}

/** Millions of values are read at once and stay: in a small nursery each would be copied again and again. */
const YOUNG_MB = 192;
/** A thread that takes longer over its tasks has died. */
const LONGEST_MS = 15 * 60_000;

/** Open a second thread for reading and linking records, on machines that have another core for it. */
export function openHelper(): HelperThread {
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { port1: results, port2 } = new MessageChannel();
  const thread = new Worker(new URL('./helper-thread.ts', import.meta.url), {
    workerData: { done, results: port2 } satisfies HelperData,
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  thread.on('error', () => undefined);
  thread.unref();
  let begun = 0;
  const found: unknown[] = [];
  const begin = <Result>(message: HelperMessage): (() => Result) => {
    const place = begun;
    begun += 1;
    thread.postMessage(message);
    return () => {
      const areDone = awaitTasks(done, place + 1);
      for (let next = receiveMessageOnPort(results); next !== undefined; next = receiveMessageOnPort(results))
        found.push(next.message);
      if (!areDone) throw new Error('the second thread of the linkage failed', { cause: found.at(-1) });
      return found[place] as Result;
    };
  };
  return {
    read: (task) => begin({ verb: 'read', task }),
    linkage: (columns) => ({
      encode: (task) => begin({ verb: 'encode', task: { ...task, columns: columns.map(columnData) } }),
      meet: (task) => begin({ verb: 'meet', task }),
      compare: (task) => begin({ verb: 'compare', task }),
      score: (task) => begin({ verb: 'score', task }),
    }),
    close: async () => void (await thread.terminate()),
  };
}

/** @returns false where one of the tasks failed, or the thread has died */
function awaitTasks(done: Int32Array, wanted: number): boolean {
  for (;;) {
    const count = Atomics.load(done, 0);
    if (count >= wanted) return true;
    if (count < 0 || Atomics.wait(done, 0, count, LONGEST_MS) === 'timed-out') return false;
  }
}
