import type { Workspaces } from '@kenal/identity';
import { groupEvidence, joinWants, type Wants } from '@kenal/identity';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { StepHook } from '../step-hook.ts';
import { type Access, NOTHING_MORE } from './access.ts';
import type { DecidePart, Evident, PartResult, Unfit } from './decide-part.ts';
import { createTries } from './tries.ts';

/** Something with its person. */
export interface Settled<T> {
  readonly item: T;
  /** '' where nobody can be named, or all that was said of them is revoked. */
  readonly profileId: string;
  readonly version: number;
}

/**
 * Evidence of one workspace. What it cannot take is given back; a lost race is decided again.
 * @param known up to where directives had been read when the evidence was made
 */
export type Settle = <T>(
  workspace: string,
  items: readonly Evident<T>[],
  known: number,
) => Promise<{ readonly settled: readonly Settled<T>[]; readonly unfit: readonly Unfit<T>[] }>;

export interface SettleDeps {
  readonly access: Access;
  readonly workspaces: Workspaces;
  readonly decidePart: DecidePart;
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
}

const NOBODY = { profileId: '', version: 0 };

/**
 * Load the components that the identifiers point to, decide, commit component by component. A part that lost the race for
 * a component is loaded and decided again, one that wants to see more is so with that; the others stand. What of a part was
 * written before is evidence that it finds again.
 */
export function createSettle({ access, workspaces, decidePart, metrics, onStep }: SettleDeps): Settle {
  /** Write what was decided. @returns whose part stands, and who has lost a race */
  async function write<T>(workspace: string, decided: PartResult<T>['decided'], known: number) {
    const writes = decided.flatMap((one) => one.writes);
    const applied = await access.commit(workspace, writes, known);
    const settled: Settled<T>[] = [];
    const again: Evident<T>[] = [];
    let at = 0;
    for (const { part, owners, writes: own } of decided) {
      const stands = applied.slice(at, at + own.length).every(Boolean);
      at += own.length;
      if (!stands) again.push(...part);
      else for (const { item, evidence } of part) settled.push({ item, ...(owners.get(evidence.owner) ?? NOBODY) });
    }
    return { settled, again };
  }

  /** One attempt. @returns what is settled, what is unfit, what lost a race, and what wants to see more */
  async function attempt<T>(workspace: string, pending: readonly Evident<T>[], wanted: Wants, known: number) {
    const keys = pending.flatMap(({ evidence }) => evidence.keys);
    const loaded = await access.load(workspace, keys, wanted, known);
    await onStep('loaded');
    const { rules } = workspaces.of(workspace);
    const parts = groupEvidence(pending, loaded, ({ evidence }) => evidence);
    const results = parts.map((part) => decidePart(part, loaded, rules));
    await onStep('decided');
    const decided = results.flatMap((result) => result.decided);
    const written = await write(workspace, decided, known);
    await onStep('committed');
    const unfit = results.flatMap((result) => result.unfit);
    return { ...written, waiting: results.flatMap(({ waiting }) => waiting), unfit };
  }

  return async function settle<T>(workspace: string, items: readonly Evident<T>[], known: number) {
    const settled: Settled<T>[] = [];
    const unfit: Unfit<T>[] = [];
    const tries = createTries(metrics);
    let [pending, wanted] = [items, NOTHING_MORE];
    while (pending.length > 0) {
      const result = await attempt(workspace, pending, wanted, known);
      settled.push(...result.settled);
      unfit.push(...result.unfit);
      const waiting = result.waiting.flatMap(({ part }) => part);
      pending = [...result.again, ...waiting];
      wanted = waiting.length === 0 ? NOTHING_MORE : joinWants([wanted, ...result.waiting.map(({ wants }) => wants)]);
      tries.looked(waiting.length > 0);
      if (result.again.length > 0) await tries.lost(result.again.length);
    }
    return { settled, unfit };
  };
}
