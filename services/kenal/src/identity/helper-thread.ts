import { parentPort, workerData } from 'node:worker_threads';
import { createHelperTasks } from '@kenal/identity/linkage';
import { byteColumn } from './byte-column.ts';
import type { HelperData, HelperMessage } from './linkage-helper.ts';
import { readCsvColumns } from './read-csv-columns.ts';

/** Entry of the second thread of a linkage: does the tasks of `openHelper` one after the other, and counts them. */
const linkage = createHelperTasks();
const { done, results } = workerData as HelperData;

function perform(message: HelperMessage): unknown {
  switch (message.verb) {
    case 'read':
      return readCsvColumns(message.task);
    case 'encode':
      return linkage.encode({ ...message.task, columns: message.task.columns.map(byteColumn) });
    case 'meet':
      return linkage.meet(message.task);
    case 'compare':
      return linkage.compare(message.task);
    case 'score':
      return linkage.score(message.task);
  }
}

parentPort?.on('message', (message: HelperMessage) => {
  // What follows a failed task builds on it, and would count the failure away
  if (Atomics.load(done, 0) === FAILED) return;
  try {
    results.postMessage(perform(message));
    Atomics.add(done, 0, 1);
  } catch (error) {
    results.postMessage(error);
    Atomics.store(done, 0, FAILED);
  }
  Atomics.notify(done, 0);
});

/** In place of the number of tasks that are done. */
const FAILED = -1;
