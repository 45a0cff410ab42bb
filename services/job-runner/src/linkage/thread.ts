import { parentPort, workerData } from 'node:worker_threads';
import type { Linkage } from '@kenal/identity/linkage';
import { giveWay } from '@kenal/service-kit';
import type { Answered, Asked, LinkageThreadData } from './messages.ts';
import { createTable } from './table.ts';

/** Rows or pairs of one answer. */
const CHUNK = 2_000;

if (parentPort === null) throw new Error('the linkage runs here in a worker thread only');
const port = parentPort;
giveWay();
const table = createTable(workerData as LinkageThreadData);
let linkage: Linkage | null = null;
const going = new Map<Asked['ask'], Iterator<unknown>>();
const say = (message: Answered): void => port.postMessage(message);

/** The next chunk of what is told piece by piece. */
function next(ask: 'keys' | 'pairs', linked: Linkage): unknown[] {
  const iterator = going.get(ask) ?? (table[ask](linked) as Iterable<unknown>)[Symbol.iterator]();
  going.set(ask, iterator);
  const chunk: unknown[] = [];
  while (chunk.length < CHUNK) {
    const { done, value } = iterator.next();
    if (done) break;
    chunk.push(value);
  }
  return chunk;
}

function answer(asked: Asked): unknown {
  if (asked.ask === 'add') {
    table.add(asked.rows);
    return null;
  }
  if (asked.ask === 'link') {
    linkage = table.link((step) => say({ step }));
    return { model: linkage.model, candidates: linkage.candidates.size };
  }
  if (linkage === null) throw new Error('nothing is linked yet');
  return next(asked.ask, linkage);
}

port.on('message', (asked: Asked) => {
  try {
    say({ answer: answer(asked) } as Answered);
  } catch (error) {
    say({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
