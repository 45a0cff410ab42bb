import type { ComponentCommit, IdentityState, LoadedState } from '@kenal/contracts';
import type { TopicFeed } from '@kenal/event-log';
import type { Wants } from '@kenal/identity';
import { othersRules, type RulesMark } from '../directives/rules-mark.ts';
import { StaleRules } from '../positions.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { ComponentWrite } from './decide-part.ts';

export interface Loaded extends LoadedState {
  /** Identifiers that a decision wanted. */
  readonly asked: ReadonlySet<string>;
}

/**
 * The identity state as decisions see it: nothing is loaded or written behind a directive that came into force after the
 * work was prepared. `known` is the offset up to which directives had been read then: not now, for what was normalised
 * before an erasure was read would make the person again.
 */
export interface Access {
  /** @throws StaleRules where such a directive was in force: it is read now */
  load(workspace: string, keys: Iterable<string>, wanted: Wants, known: number): Promise<Loaded>;
  /** @returns for each, whether it was applied @throws KenalError `unavailable` where another's rules hold */
  commit(workspace: string, writes: readonly ComponentWrite[], known: number): Promise<readonly boolean[]>;
  /** Up to where directives are read now. */
  readonly known: number;
}

export const NOTHING_MORE: Wants = { shelves: [], identifiers: [] };

export interface AccessDeps {
  readonly state: IdentityState;
  readonly feed: TopicFeed<unknown>;
  readonly rulesMark: RulesMark;
  readonly metrics: ResolverMetrics;
}

export function createAccess({ state, feed, rulesMark, metrics }: AccessDeps): Access {
  return {
    get known() {
      return feed.next;
    },
    async load(workspace, keys, { identifiers, shelves }, known) {
      const asked = new Set(identifiers);
      const loaded = await state.load(workspace, [...new Set([...keys, ...asked])], shelves);
      if (loaded.fence <= known) return { ...loaded, asked };
      await feed.catchUp();
      throw new StaleRules(`directives up to ${loaded.fence} are in force in workspace ${workspace}`);
    },
    async commit(workspace, writes, known) {
      for (const { changes } of writes) for (const { type } of changes) metrics.changes.inc({ type });
      const commits: ComponentCommit[] = writes.map(({ commit }) => rulesMark.bound(workspace, commit));
      const applied = commits.length === 0 ? [] : await state.commit(workspace, commits, known);
      if (!applied.every(Boolean) && (await rulesMark.knock(workspace)) === null) throw othersRules(workspace);
      return applied;
    },
  };
}
