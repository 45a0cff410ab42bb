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

interface Round {
  readonly writes: { readonly key: string; readonly write: ComponentWrite }[];
  readonly waiting: { readonly key: string; readonly wants: Wants }[];
}

/** Decide components again that no new evidence speaks of, because the rules are others now. */
export type DecideAgain = (
  workspace: string,
  components: readonly ComponentSnapshot[],
  cause: Change['cause'],
) => Promise<void>;

export function createDecideAgain(deps: DecideAgainDeps): DecideAgain {
  const { access, workspaces, writeOf, newComponent, metrics, logger } = deps;

  /** One that cannot be decided, or told, stays as it was and holds up no other. */
  function decideOne(
    workspace: string,
    component: ComponentSnapshot,
    loaded: Loaded,
    cause: Change['cause'],
  ): { readonly writes: readonly ComponentWrite[]; readonly wants: Wants | null } {
    const { rules } = workspaces.of(workspace);
    const input = { rules, now: loaded.now, newComponent, loaded, evidence: [], again: { component, cause } };
    try {
      const { commits, wants } = decide(input);
      return { writes: commits.map(writeOf), wants };
    } catch (err) {
      metrics.undecided.inc();
      logger.error({ err, workspace, component: component.id }, 'a component stays as it was under the rules before');
      return { writes: [], wants: null };
    }
  }

  /** Components are found by an identifier of theirs: meanwhile one may have become part of another. */
  function decideRound(workspace: string, loaded: Loaded, keys: readonly string[], cause: Change['cause']): Round {
    const done = new Set<string>();
    const round: Round = { writes: [], waiting: [] };
    for (const key of keys) {
      const component = loaded.components.get(loaded.pointers.get(key) ?? '');
      if (component === undefined || component.version === 0 || done.has(component.id)) continue;
      done.add(component.id);
      const { writes, wants } = decideOne(workspace, component, loaded, cause);
      for (const write of writes) round.writes.push({ key, write });
      if (wants !== null) round.waiting.push({ key, wants });
    }
    return round;
  }

  return async function again(workspace, components, cause) {
    const tries = createTries(metrics);
    const { known } = access;
    let keys = components.flatMap(({ fields }) => identifiersOf(fields).slice(0, 1));
    let wanted = NOTHING_MORE;
    while (keys.length > 0) {
      const loaded = await access.load(workspace, keys, wanted, known);
      const { writes, waiting } = decideRound(workspace, loaded, keys, cause);
      const applied = await access.commit(
        workspace,
        writes.map(({ write }) => write),
        known,
      );
      const lost = writes.filter((_, i) => !applied[i]).map(({ key }) => key);
      keys = [...new Set([...lost, ...waiting.map(({ key }) => key)])];
      wanted = waiting.length === 0 ? NOTHING_MORE : joinWants([wanted, ...waiting.map(({ wants }) => wants)]);
      tries.looked(waiting.length > 0);
      if (lost.length > 0) await tries.lost(lost.length);
    }
  };
}
