import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Envelope, WriterOptions } from './messages.ts';
import { createWriter } from './writer.ts';

// Entry of the writer thread. It takes every message that has come while it was committing, so that one fsync serves
// them all (group commit).
const port = parentPort as MessagePort;
const writer = createWriter(workerData as WriterOptions, (replies) => port.postMessage(replies));

port.on('message', (first: Envelope) => {
  const envelopes = [first];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    envelopes.push(next.message as Envelope);
  }
  writer.handle(envelopes);
  if (writer.closed) port.close();
});
