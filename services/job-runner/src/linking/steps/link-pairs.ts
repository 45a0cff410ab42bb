import type { LinkageSession } from '../linkage/session.ts';
import type { JudgedModel, JudgePairs, Suspect } from './judge-pairs.ts';
import type { Roll } from './roll.ts';
import type { SubmitLinks } from './submit-links.ts';
import { type Suggestions, suggestionId } from './suggestions.ts';

/** What a pass found, and what of it was new. */
export interface PassCounts {
  readonly records: number;
  /** Pairs of owners from even odds on. */
  readonly pairs: number;
  readonly links: number;
  readonly withdrawn: number;
  readonly suggestions: number;
  /** Records that came in meanwhile, could not be weighed and are left out. */
  readonly skipped: number;
}

/** Names of the pairs that a pass found, whatever became of them. */
export interface FoundPairs {
  readonly sure: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

export type LinkPairs = (
  workspace: string,
  model: JudgedModel,
  known: ReadonlyMap<string, unknown>,
  table: LinkageSession,
  roll: Roll,
) => Promise<Omit<PassCounts, 'records' | 'withdrawn' | 'skipped'> & { readonly found: FoundPairs }>;

export interface LinkPairsDeps {
  readonly judgePairs: JudgePairs;
  readonly submitLinks: SubmitLinks;
  readonly suggestions: Suggestions;
}

/** Go through the pairs of a table: hand in links that are not known yet, keep questions. */
export function createLinkPairs({ judgePairs, submitLinks, suggestions }: LinkPairsDeps): LinkPairs {
  return async function linkPairs(workspace, model, known, table, roll) {
    const found = { sure: new Set<string>(), all: new Set<string>() };
    const counts = { pairs: 0, links: 0, suggestions: 0 };
    for await (const chunk of table.pairs()) {
      const suspects = chunk.map(
        ({ rows: [a, b], owners: _, ...pair }): Suspect => ({ ...pair, a: roll.nameOf(a), b: roll.nameOf(b) }),
      );
      const { links, questions } = await judgePairs(workspace, model, suspects);
      const fresh = links.filter(({ a, b }) => !known.has(suggestionId(a.owner, b.owner)));
      await submitLinks(workspace, model.version, fresh, 'records of one person');
      counts.suggestions += await suggestions.ask(workspace, model.version, questions);
      counts.pairs += chunk.length;
      counts.links += fresh.length;
      for (const { a, b, doubt } of suspects) {
        const name = suggestionId(a.owner, b.owner);
        found.all.add(name);
        if (doubt === null) found.sure.add(name);
      }
    }
    return { ...counts, found };
  };
}
