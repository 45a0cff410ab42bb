import { type Answer, answerQuestions } from '../thread/answer.ts';
import { encoded } from '../thread/rows.ts';
import { createAlsoBoughtEncoder, createNextBestEncoder, createRuleEncoder, type ProductRun } from './columns.ts';
import { createNextBestRows, latestOf, learnAlsoBought, learnRecommending, learnRules } from './learn.ts';
import { type Lines, readLines } from './lines.ts';
import type { Asked } from './messages.ts';

/** Rows, items or customers of one answer. */
const CHUNK = { rules: 10_000, items: 500, customers: 1_000 };

interface Learning extends Extract<Asked, { ask: 'lines' }> {
  readonly read: Lines;
  readonly served: readonly number[];
}

let learning: Learning | null = null;
let rules: ReturnType<typeof learnRules> | null = null;
let alsoBought: ReturnType<typeof learnAlsoBought> | null = null;
const going = new Map<Asked['ask'], (run: ProductRun) => Answer>();

/** Tells what is told piece by piece; begun at the first question. */
function next(asked: Extract<Asked, { run: ProductRun }>, begin: () => (run: ProductRun) => Answer): Answer {
  const tell = going.get(asked.ask) ?? begin();
  going.set(asked.ask, tell);
  return tell(asked.run);
}

/** @returns goes over so many places a time */
function stepping(
  size: number,
  tell: (from: number, to: number, run: ProductRun) => Answer,
): (run: ProductRun) => Answer {
  let at = 0;
  return (run) => {
    at += size;
    return tell(at - size, at, run);
  };
}

answerQuestions<Asked>((asked): Answer => {
  if (asked.ask === 'lines') {
    const read = readLines(asked.bytes);
    learning = { ...asked, read, served: latestOf(read, asked.mostCustomers) };
    const { orders, items, customers } = read;
    const known = customers.filter((name) => name !== '').length;
    return { answer: { orders, items: items.length, customers: known, served: learning.served.length } };
  }
  const { read, since, until, served, soldOut } = learning!;
  switch (asked.ask) {
    case 'rules': {
      rules = learnRules(read);
      const { rows: _rows, ...facts } = rules;
      return { answer: facts };
    }
    case 'alsoBought':
      alsoBought = learnAlsoBought(read, until);
      return { answer: alsoBought.facts };
    case 'recommending':
      return { answer: learnRecommending(read, since, until) };
    case 'ruleRows':
      return next(asked, () => {
        const encoder = createRuleEncoder();
        return stepping(CHUNK.rules, (from, to, run) =>
          encoded(
            encoder,
            rules!.rows.slice(from, to).map((row) => ({ ...row, ...run })),
          ),
        );
      });
    case 'alsoBoughtRows':
      return next(asked, () => {
        const encoder = createAlsoBoughtEncoder();
        return stepping(CHUNK.items, (from, to, run) =>
          encoded(
            encoder,
            alsoBought!.rows(from, to).map((row) => ({ ...row, ...run })),
          ),
        );
      });
    case 'nextBestRows':
      return next(asked, () => {
        const [encoder, rowsOf] = [createNextBestEncoder(), createNextBestRows(read, until, asked.settings, soldOut)];
        return stepping(CHUNK.customers, (from, to, run) =>
          encoded(
            encoder,
            served
              .slice(from, to)
              .flatMap(rowsOf)
              .map((row) => ({ ...row, ...run })),
          ),
        );
      });
  }
});
