import { Worker } from 'node:worker_threads';
import type { Helper, HelperTask } from '@kenal/identity/linkage';
import { type ByteColumn, type ByteColumnData, columnData } from './byte-column.ts';

/** A task as data that threads share. */
export type HelperMessage =
  | Exclude<HelperTask, { task: 'encode' }>
  | (Omit<Extract<HelperTask, { task: 'encode' }>, 'columns'> & { readonly columns: readonly ByteColumnData[] });

export interface HelperData {
  /** Tasks that are done; below 0: one failed. */
  readonly done: Int32Array;
}

interface HelperThread extends Helper {
  close(): Promise<void>;
}

/** Millions of values are read at once and stay: in a small nursery each would be copied again and again. */
const YOUNG_MB = 192;
/** A thread that takes longer over its tasks has died. */
const LONGEST_MS = 15 * 60_000;

/** Open a second thread for a linkage of `columns`, on machines that have another core for it. */
export function openHelper(columns: readonly ByteColumn[]): HelperThread {
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(new URL('./helper-thread.ts', import.meta.url), {
    workerData: { done } satisfies HelperData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  thread.on('error', () => undefined);
  thread.unref();
  let begun = 0;
  return {
    begin(task) {
      begun += 1;
      const wanted = begun;
      thread.postMessage(task.task === 'encode' ? { ...task, columns: columns.map(columnData) } : task);
      return () => {
        for (;;) {
          const count = Atomics.load(done, 0);
          if (count >= wanted) return;
          if (count < 0 || Atomics.wait(done, 0, count, LONGEST_MS) === 'timed-out')
            throw new Error('the second thread of the linkage failed');
        }
      };
    },
    close: async () => void (await thread.terminate()),
  };
}
