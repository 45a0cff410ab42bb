import { parentPort } from 'node:worker_threads';
import { READERS, type ReaderName } from './readers.ts';

/** One body to read. */
export interface ReaderJob {
  readonly id: number;
  readonly reader: ReaderName;
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** What became of it: an outcome of the reader. */
export interface ReaderAnswer {
  readonly id: number;
  readonly outcome: unknown;
}

parentPort?.on('message', async ({ id, reader, body, contentType }: ReaderJob) => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // A fault of a reader ends the thread, and the pool takes it from there: nothing half read goes on
  const outcome = await READERS[reader](bytes, contentType);
  parentPort?.postMessage({ id, outcome } satisfies ReaderAnswer);
});
parentPort?.postMessage('ready');
