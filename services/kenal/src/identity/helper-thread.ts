import { parentPort, workerData } from 'node:worker_threads';
import { createHelperTasks } from '@kenal/identity/linkage';
import { byteColumn } from './byte-column.ts';
import type { HelperData, HelperMessage } from './linkage-helper.ts';

/** Entry of the second thread of a linkage: does the tasks of `openHelper` one after the other, and counts them. */
const perform = createHelperTasks();
const { done } = workerData as HelperData;

parentPort?.on('message', (message: HelperMessage) => {
  try {
    perform(message.task === 'encode' ? { ...message, columns: message.columns.map(byteColumn) } : message);
    Atomics.add(done, 0, 1);
  } catch (error) {
    parentPort?.postMessage(error instanceof Error ? (error.stack ?? error.message) : String(error));
    Atomics.store(done, 0, FAILED);
  }
  Atomics.notify(done, 0);
});

/** In place of the number of tasks that are done. */
const FAILED = -1;
