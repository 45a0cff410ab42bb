import { openThread } from '../../thread/session.ts';
import type { Answers, Asked, LinkageThreadData, OwnerPair, RowKeys, TableRow } from './messages.ts';

/** A table in a thread of its own, for one pass. Questions are answered one at a time. */
export interface LinkageSession extends AsyncDisposable {
  add(rows: readonly TableRow[]): Promise<void>;
  link(): Promise<Answers['link']>;
  keys(): AsyncGenerator<readonly RowKeys[]>;
  pairs(): AsyncGenerator<readonly OwnerPair[]>;
}

/** @param signal ends the thread: what is asked then rejects. @param onStep told what the linkage is about to do */
export function openLinkage(
  data: LinkageThreadData,
  signal: AbortSignal,
  onStep: (step: string) => void,
): LinkageSession {
  const module = new URL('./thread.ts', import.meta.url);
  const thread = openThread<Asked, Answers>({ module, name: 'linkage', data, signal, onStep });

  async function* chunks<K extends 'keys' | 'pairs'>(what: K): AsyncGenerator<Answers[K]> {
    for (;;) {
      const chunk: Answers[K] = await thread.ask({ ask: what } as Extract<Asked, { readonly ask: K }>);
      if (chunk.length === 0) return;
      yield chunk;
    }
  }

  return {
    add: async (rows) => void (await thread.ask({ ask: 'add', rows })),
    link: () => thread.ask({ ask: 'link' }),
    keys: () => chunks('keys'),
    pairs: () => chunks('pairs'),
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
