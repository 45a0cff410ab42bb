import { workerData } from 'node:worker_threads';
import type { Linkage } from '@kenal/identity/linkage';
import { answerQuestions } from '../../thread/answer.ts';
import type { Asked, LinkageThreadData } from './messages.ts';
import { createTable } from './table.ts';

/** Rows or pairs of one answer. */
const CHUNK = 2_000;

const table = createTable(workerData as LinkageThreadData);
let linkage: Linkage | null = null;
const going = new Map<Asked['ask'], Iterator<unknown>>();

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

const tell = answerQuestions<Asked>((asked) => {
  if (asked.ask === 'add') {
    table.add(asked.rows);
    return { answer: null };
  }
  if (asked.ask === 'link') {
    linkage = table.link((step) => tell(step));
    return { answer: { model: linkage.model, candidates: linkage.candidates.size } };
  }
  if (linkage === null) throw new Error('nothing is linked yet');
  return { answer: next(asked.ask, linkage) };
});
