import type { Change, ComponentSnapshot } from '@kenal/contracts';
import type { Workspaces } from '@kenal/identity';
import { decide, erase, identifiersOf, joinWants, type Wants } from '@kenal/identity';
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
}

interface Round {
  readonly writes: { readonly key: string; readonly write: ComponentWrite }[];
  readonly waiting: { readonly key: string; readonly wants: Wants }[];
}

/** What happens to components that no new evidence speaks of. */
export interface DecideAgain {
  /** Decide components again, because the rules are others now. */
  again(workspace: string, components: readonly ComponentSnapshot[], cause: Change['cause']): Promise<void>;
  /** Forget identifiers and all that names them. Done again it does nothing. */
  erase(workspace: string, keys: readonly string[], cause: Change['cause']): Promise<void>;
}

export function createDecideAgain(deps: DecideAgainDeps): DecideAgain {
  const { access, workspaces, writeOf, newComponent, metrics } = deps;

  /** Components are found by an identifier of theirs: meanwhile one may have become part of another. */
  function decideRound(
    workspace: string,
    loaded: Loaded,
    { keys, cause }: { readonly keys: readonly string[]; readonly cause: Change['cause'] },
  ): Round {
    const { rules } = workspaces.of(workspace);
    const done = new Set<string>();
    const round: Round = { writes: [], waiting: [] };
    for (const key of keys) {
      const component = loaded.components.get(loaded.pointers.get(key) ?? '');
      if (component === undefined || component.version === 0 || done.has(component.id)) continue;
      done.add(component.id);
      const input = { rules, now: loaded.now, newComponent, loaded, evidence: [], again: { component, cause } };
      const { commits, wants } = decide(input);
      for (const one of commits) round.writes.push({ key, write: writeOf(one) });
      if (wants !== null) round.waiting.push({ key, wants });
    }
    return round;
  }

  async function again(
    workspace: string,
    components: readonly ComponentSnapshot[],
    cause: Change['cause'],
  ): Promise<void> {
    const tries = createTries(metrics);
    let keys = components.flatMap(({ fields }) => identifiersOf(fields).slice(0, 1));
    let wanted = NOTHING_MORE;
    while (keys.length > 0) {
      const loaded = await access.load(workspace, keys, wanted);
      const { writes, waiting } = decideRound(workspace, loaded, { keys, cause });
      const applied = await access.commit(
        workspace,
        writes.map(({ write }) => write),
      );
      const lost = writes.filter((_, i) => !applied[i]).map(({ key }) => key);
      keys = [...new Set([...lost, ...waiting.map(({ key }) => key)])];
      wanted = waiting.length === 0 ? NOTHING_MORE : joinWants([wanted, ...waiting.map(({ wants }) => wants)]);
      tries.looked(waiting.length > 0);
      if (lost.length > 0) await tries.lost(lost.length);
    }
  }

  /** @returns hubs that were seen with the person */
  async function takeAway(
    workspace: string,
    keys: readonly string[],
    cause: Change['cause'],
  ): Promise<readonly string[]> {
    const tries = createTries(metrics);
    const named = new Set(keys);
    for (let wanted = NOTHING_MORE; ; ) {
      const loaded = await access.load(workspace, keys, wanted);
      const { rules } = workspaces.of(workspace);
      const { commits, wants, revisit } = erase({ rules, now: loaded.now, newComponent, loaded, keys: named, cause });
      tries.looked(wants !== null);
      wanted = wants === null ? NOTHING_MORE : joinWants([wanted, wants]);
      if (wants !== null) continue;
      const applied = await access.commit(workspace, commits.map(writeOf));
      if (applied.every(Boolean)) return revisit;
      await tries.lost(1);
    }
  }

  return {
    again,
    async erase(workspace, keys, cause) {
      if (keys.length === 0) return;
      const hubs = await takeAway(workspace, keys, cause);
      const { components } = await access.load(workspace, hubs, NOTHING_MORE);
      await again(workspace, [...components.values()], cause);
    },
  };
}
