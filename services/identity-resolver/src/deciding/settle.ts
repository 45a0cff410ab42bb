import { groupEvidence, joinWants, type Places, placesOf, type Wants, type Workspaces } from '@kenal/identity';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { StepHook } from '../step-hook.ts';
import { type Access, type Loaded, NOTHING_MORE } from './access.ts';
import type { Decided, DecidePart, Evident, PartResult, Unfit, Waiting } from './decide-part.ts';
import { createDraw } from './draw.ts';
import { AT_ONCE, type Effort } from './effort.ts';
import { fieldsIn, withWanted } from './reach.ts';
import { createTries } from './tries.ts';

/** Something with its person. */
export interface Settled<T> {
  readonly item: T;
  /** '' where nobody can be named, or all that was said of them is revoked. */
  readonly profileId: string;
  readonly version: number;
}

/** Items that belong together and were left undecided. */
export interface Left<T> {
  readonly items: readonly T[];
  readonly places: Places;
}

export interface Outcome<T> {
  readonly settled: readonly Settled<T>[];
  /** What can never be decided. */
  readonly unfit: readonly Unfit<T>[];
  readonly left: readonly Left<T>[];
}

/**
 * Evidence of one workspace. What it cannot take is given back; a lost race is decided again.
 * @param known up to where directives had been read when the evidence was made
 */
export type Settle = <T>(
  workspace: string,
  items: readonly Evident<T>[],
  known: number,
  effort?: Effort,
) => Promise<Outcome<T>>;

export interface SettleDeps {
  readonly access: Access;
  readonly workspaces: Workspaces;
  readonly decidePart: DecidePart;
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
}

/** What one attempt has to do. */
interface Task<T> {
  readonly pending: readonly Evident<T>[];
  /** What those that have to see more want. */
  readonly wanted: ReadonlyMap<Evident<T>, Wants>;
}

interface Attempt<T> extends Outcome<T> {
  /** Parts that lost a race. */
  readonly lost: readonly Left<Evident<T>>[];
  /** Parts that want to see more. */
  readonly waiting: readonly Waiting<T>[];
}

const NOBODY = { profileId: '', version: 0 };

/**
 * Load the components that the identifiers point to, decide, commit component by component. A part that lost the race for
 * a component is loaded and decided again, one that wants to see more is so with that; the others stand. What of a part was
 * written before is evidence that it finds again.
 */
export function createSettle({ access, workspaces, decidePart, metrics, onStep }: SettleDeps): Settle {
  /** Write what was decided. @returns whose part stands, and who has lost a race */
  async function write<T>(workspace: string, decided: readonly Decided<T>[], known: number) {
    const writes = decided.flatMap((one) => one.writes);
    const applied = await access.commit(workspace, writes, known);
    const settled: Settled<T>[] = [];
    const lost: Decided<T>['part'][] = [];
    let at = 0;
    for (const { part, owners, writes: own } of decided) {
      const stands = applied.slice(at, at + own.length).every(Boolean);
      at += own.length;
      if (!stands) lost.push(part);
      else for (const { item, evidence } of part) settled.push({ item, ...(owners.get(evidence.owner) ?? NOBODY) });
    }
    return { settled, lost };
  }

  async function attempt<T>(
    workspace: string,
    { pending, wanted }: Task<T>,
    known: number,
    effort: Effort,
  ): Promise<Attempt<T>> {
    const { lane } = effort;
    // What belongs to something that waits in the lane is not even loaded; what hangs on it goes with it
    const held = new Set(lane === null ? [] : pending.filter(({ evidence }) => lane.holds(workspace, evidence.keys)));
    const keys = pending.flatMap((one) => (held.has(one) ? [] : one.evidence.keys));
    const loaded = await access.load(workspace, keys, joinWants([...new Set(wanted.values())]), known);
    await onStep('loaded');
    const { rules } = workspaces.of(workspace);
    const results: PartResult<T>[] = [];
    const left: Left<T>[] = [];
    const draw = createDraw(effort);
    for (const part of groupEvidence(pending, loaded, ({ evidence }) => evidence)) {
      const own = wantsOf(part, wanted);
      const places = withWanted(placesIn(part, loaded), own, loaded);
      const isLeft =
        part.some((one) => held.has(one)) || lane?.leaves(workspace, places, fieldsIn(places, own, loaded)) === true;
      if (isLeft) left.push({ items: part.map(({ item }) => item), places });
      else {
        effort.reaches?.(workspace, places);
        results.push(await draw(decidePart(part, loaded, rules)));
      }
    }
    await onStep('decided');
    const decided = results.flatMap((result) => result.decided);
    const { settled, lost } = await write(workspace, decided, known);
    await onStep('committed');
    return {
      ...{ settled, left, lost: lost.map((items) => ({ items, places: placesIn(items, loaded) })) },
      unfit: results.flatMap((result) => result.unfit),
      waiting: results.flatMap(({ waiting }) => waiting),
    };
  }

  return async function settle<T>(
    workspace: string,
    items: readonly Evident<T>[],
    known: number,
    effort: Effort = AT_ONCE,
  ): Promise<Outcome<T>> {
    const outcome = { settled: [] as Settled<T>[], unfit: [] as Unfit<T>[], left: [] as Left<T>[] };
    const tries = createTries(metrics, effort.lane === null ? effort.mostLosses : Number.POSITIVE_INFINITY);
    let task: Task<T> = { pending: items, wanted: new Map() };
    for (let losses = 0; task.pending.length > 0; ) {
      effort.signal?.throwIfAborted();
      const { settled, unfit, left, lost, waiting } = await attempt(workspace, task, known, effort);
      outcome.settled.push(...settled);
      outcome.unfit.push(...unfit);
      outcome.left.push(...left);
      tries.looked(waiting.length > 0);
      if (lost.length > 0) losses += 1;
      const isLeft = effort.lane !== null && losses >= effort.mostLosses;
      if (isLeft) for (const one of lost) outcome.left.push({ ...one, items: one.items.map(({ item }) => item) });
      task = nextTask(task, isLeft ? [] : lost.flatMap((one) => one.items), waiting);
      if (lost.length > 0 && !isLeft) await tries.lost(lost.reduce((sum, one) => sum + one.items.length, 0));
    }
    return outcome;
  };
}

function nextTask<T>({ wanted }: Task<T>, lost: readonly Evident<T>[], waiting: readonly Waiting<T>[]): Task<T> {
  const next = new Map<Evident<T>, Wants>();
  for (const { part, wants } of waiting) {
    const all = joinWants([wantsOf(part, wanted), wants]);
    for (const one of part) next.set(one, all);
  }
  return { pending: [...lost, ...waiting.flatMap(({ part }) => part)], wanted: next };
}

/** All that items of a part wanted before. */
function wantsOf<T>(part: readonly Evident<T>[], wanted: Task<T>['wanted']): Wants {
  if (wanted.size === 0) return NOTHING_MORE;
  return joinWants([...new Set(part.flatMap((one) => wanted.get(one) ?? []))]);
}

function placesIn<T>(part: readonly Evident<T>[], loaded: Loaded): Places {
  return placesOf(
    part.map(({ evidence }) => evidence),
    loaded,
  );
}
