import type { Change, ComponentSnapshot } from '@kenal/contracts';
import { decide, identifiersOf, joinWants, type Wants, type Workspaces } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import { type Access, type Loaded, NOTHING_MORE } from './access.ts';
import type { ComponentWrite, createDecidePart } from './decide-part.ts';
import { createTries } from './tries.ts';

export interface DecideAgainDeps {
  readonly access: Access;
  readonly workspaces: Workspaces;
  readonly writeOf: ReturnType<typeof createDecidePart>['writeOf'];
  readonly newComponent: () => string;
  readonly metrics: ResolverMetrics;
  readonly logger: Logger;
}

/** Identifiers of components that are decided together. */
type Group = readonly string[];

interface Round {
  readonly writes: { readonly group: Group; readonly write: ComponentWrite }[];
  readonly waiting: { readonly group: Group; readonly wants: Wants }[];
  /** Those that hang together with one which the round writes. */
  readonly later: Group[];
}

/** Of hubs that are none any more and have the same neighbours so many are decided at once. */
const MOST_TOGETHER = 50;

/** Decide components again that no new evidence speaks of, because the rules are others now. */
export type DecideAgain = (
  workspace: string,
  components: readonly ComponentSnapshot[],
  cause: Change['cause'],
) => Promise<void>;

export function createDecideAgain(deps: DecideAgainDeps): DecideAgain {
  const { access, workspaces, writeOf, newComponent, metrics, logger } = deps;

  /** Those that cannot be decided, or told, stay as they were and hold up no others. */
  function decideGroup(
    workspace: string,
    components: readonly ComponentSnapshot[],
    loaded: Loaded,
    cause: Change['cause'],
  ): { readonly writes: readonly ComponentWrite[]; readonly wants: Wants | null } {
    const { rules } = workspaces.of(workspace);
    const input = { rules, now: loaded.now, newComponent, loaded, evidence: [], again: { components, cause } };
    try {
      const { commits, wants } = decide(input);
      return { writes: commits.map(writeOf), wants };
    } catch (err) {
      metrics.undecided.inc(components.length);
      const ids = components.map(({ id }) => id);
      logger.error({ err, workspace, components: ids }, 'a component stays as it was under the rules before');
      return { writes: [], wants: null };
    }
  }

  /**
   * Components are found by an identifier of theirs: meanwhile one may have become part of another. All that hang on hubs
   * which are none any more become one: the first of them is decided, the others are decided together with it next.
   */
  function decideRound(workspace: string, loaded: Loaded, groups: readonly Group[], cause: Change['cause']): Round {
    const done = new Set<string>();
    const takenBy = new Map<string, Group>();
    const together = new Map<Group, string[]>();
    const round: Round = { writes: [], waiting: [], later: [] };
    const isTaken = (ids: Iterable<string>, group: Group): boolean => {
      for (const id of ids) {
        const first = takenBy.get(id);
        if (first === undefined) continue;
        const joined = together.get(first);
        if (joined === undefined || joined.length >= MOST_TOGETHER) {
          const next = [first[0]!, ...group];
          together.set(first, next);
          round.later.push(next);
        } else joined.push(...group);
        return true;
      }
      return false;
    };
    for (const group of groups) {
      const components = componentsOf(group, loaded).filter(({ id }) => !done.has(id));
      if (components.length === 0) continue;
      for (const { id } of components) done.add(id);
      const ids = components.map(({ id }) => id);
      if (isTaken(ids, group)) continue;
      const { writes, wants } = decideGroup(workspace, components, loaded, cause);
      const touched = writes.flatMap(({ commit }) => [...commit.expect.keys()]);
      if (isTaken(touched, group)) continue;
      for (const id of touched) takenBy.set(id, group);
      for (const write of writes) round.writes.push({ group, write });
      if (wants !== null) round.waiting.push({ group, wants });
    }
    return round;
  }

  return async function again(workspace, components, cause) {
    const tries = createTries(metrics);
    const { known } = access;
    let groups: readonly Group[] = components.map(({ fields }) => identifiersOf(fields).slice(0, 1));
    let wanted = NOTHING_MORE;
    while (groups.length > 0) {
      const loaded = await access.load(workspace, groups.flat(), wanted, known);
      const { writes, waiting, later } = decideRound(workspace, loaded, groups, cause);
      const applied = await access.commit(
        workspace,
        writes.map(({ write }) => write),
        known,
      );
      const lost = new Set(writes.filter((_, i) => !applied[i]).map(({ group }) => group));
      groups = [...new Set([...lost, ...waiting.map(({ group }) => group)]), ...later];
      wanted = waiting.length === 0 ? NOTHING_MORE : joinWants([wanted, ...waiting.map(({ wants }) => wants)]);
      tries.looked(waiting.length > 0 && !applied.some(Boolean));
      if (lost.size > 0) await tries.lost(lost.size);
    }
  };
}

function componentsOf(group: Group, { components, pointers }: Loaded): ComponentSnapshot[] {
  const found = new Map<string, ComponentSnapshot>();
  for (const key of group) {
    const component = components.get(pointers.get(key) ?? '');
    if (component !== undefined && component.version > 0) found.set(component.id, component);
  }
  return [...found.values()];
}
