import type { Change, ComponentSnapshot } from '@kenal/contracts';
import { decideInParts, identifiersOf, joinWants, type Places, type Wants, type Workspaces } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { Access, Loaded } from './access.ts';
import type { ComponentWrite, createDecidePart } from './decide-part.ts';
import { createDraw } from './draw.ts';
import type { Effort } from './effort.ts';
import { fieldsIn, withWanted } from './reach.ts';
import type { Left } from './settle.ts';
import { createTaken } from './taken.ts';

export interface DecideAgainDeps {
  readonly access: Access;
  readonly workspaces: Workspaces;
  readonly writesOf: ReturnType<typeof createDecidePart>['writesOf'];
  readonly newComponent: () => string;
  readonly metrics: ResolverMetrics;
  readonly logger: Logger;
}

/** An identifier of each of some components that are decided together. */
export type Group = readonly string[];

/** Why components are decided again, and how far to go. */
export interface About {
  readonly workspace: string;
  readonly cause: Change['cause'];
  readonly effort: Effort;
}

export interface Task {
  readonly group: Group;
  /** What it wanted to see when it was looked at before. */
  readonly wants: Wants;
}

export interface Round {
  readonly writes: { readonly group: Group; readonly write: ComponentWrite }[];
  readonly waiting: Task[];
  readonly left: Left<Group>[];
  /** Those that hang together with one which the round writes, and halves of those that cannot be one. */
  readonly later: Group[];
}

/** Each by itself, found by an identifier of its own: meanwhile it may have become part of another. */
export function groupsOf(components: readonly ComponentSnapshot[]): readonly Group[] {
  return components.map(({ fields }) => identifiersOf(fields).slice(0, 1));
}

/** One look at components that are decided again. */
export function createAgainRound({ workspaces, writesOf, newComponent, metrics, logger }: DecideAgainDeps) {
  /** @returns null where they cannot be decided, or told, as one */
  async function decideGroup(
    components: readonly ComponentSnapshot[],
    loaded: Loaded,
    { workspace, cause, effort }: About,
  ): Promise<{ readonly writes: readonly ComponentWrite[]; readonly wants: Wants | null } | null> {
    const { rules } = workspaces.of(workspace);
    const input = { rules, now: loaded.now, newComponent, loaded, evidence: [], again: { components, cause } };
    const draw = createDraw(effort);
    try {
      const { commits, wants } = await draw(decideInParts(input));
      return { writes: await draw(writesOf(commits)), wants };
    } catch (err) {
      if (components.length > 1) return null;
      metrics.undecided.inc();
      const component = components[0]?.id;
      logger.error({ err, workspace, component }, 'a component stays as it was under the rules before');
      return { writes: [], wants: null };
    }
  }

  /**
   * All that hang on hubs which are none any more become one: the first of them is decided, the others are decided together
   * with it next. Where that cannot be, each half is tried, until the one at fault is alone: it stays as it was.
   */
  async function decideRound(tasks: readonly Task[], loaded: Loaded, about: About): Promise<Round> {
    const { workspace, effort } = about;
    const done = new Set<string>();
    const round: Round = { writes: [], waiting: [], left: [], later: [] };
    const taken = createTaken(round.later);
    for (const { group, wants: before } of tasks) {
      const components = componentsOf(group, loaded).filter(({ id }) => !done.has(id));
      if (components.length === 0) continue;
      for (const { id } of components) done.add(id);
      if (
        taken.by(
          components.map(({ id }) => id),
          group,
        )
      )
        continue;
      const places = withWanted(placesOf(components), before, loaded);
      if (effort.lane?.leaves(workspace, places, fieldsIn(places, before, loaded)) === true) {
        round.left.push({ items: [group], places });
        continue;
      }
      effort.reaches?.(workspace, places);
      const decided = await decideGroup(components, loaded, about);
      if (decided === null) {
        round.later.push(...halvesOf(components));
        continue;
      }
      const touched = decided.writes.flatMap(({ commit }) => [...commit.expect.keys()]);
      if (taken.by(touched, group)) continue;
      taken.add(touched, group);
      for (const write of decided.writes) round.writes.push({ group, write });
      if (decided.wants !== null) round.waiting.push({ group, wants: joinWants([before, decided.wants]) });
    }
    return round;
  }

  return decideRound;
}

/** What components are of. */
export function placesOf(components: readonly ComponentSnapshot[]): Places {
  const keys = components.flatMap(({ fields }) => identifiersOf(fields));
  return { components: new Set(components.map(({ id }) => id)), keys: new Set(keys) };
}

function halvesOf(components: readonly ComponentSnapshot[]): readonly Group[] {
  const keys = groupsOf(components).flat();
  const half = Math.ceil(keys.length / 2);
  return [keys.slice(0, half), keys.slice(half)];
}

/** Those that an identifier of the group leads to. */
export function componentsOf(group: Group, { components, pointers }: Loaded): ComponentSnapshot[] {
  const found = new Map<string, ComponentSnapshot>();
  for (const key of group) {
    const component = components.get(pointers.get(key) ?? '');
    if (component !== undefined && component.version > 0) found.set(component.id, component);
  }
  return [...found.values()];
}
