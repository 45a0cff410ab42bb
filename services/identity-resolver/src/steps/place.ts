import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ComponentCommit, IdentityState } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { groupEvidence } from '@kenal/identity';
import type { Positions } from '../positions.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { StepHook } from '../step-hook.ts';
import type { Normalised, Placed, Refused, Sorted } from '../work.ts';
import type { Workspaces } from '../workspaces.ts';
import { createDecidePart, type Decided, type Evident } from './decide-part.ts';

interface Deps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly isRecovering: Positions['isRecovering'];
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
}

/** A component that loses so often is fought over; the round fails then and is delivered again. */
const MOST_ATTEMPTS = 30;
const FIRST_BACKOFF_MS = 2;
const LONGEST_BACKOFF_MS = 200;

/**
 * Find each interaction's person: load the components that its identifiers point to, decide, commit component by
 * component. A part that lost the race for its component is loaded and decided again; the others stand.
 */
export function createPlaceStep({ state, workspaces, isRecovering, metrics, onStep }: Deps) {
  const decidePart = createDecidePart(createComponentIds());

  function commitOf({ decision: { commit, changes }, outbox }: Decided): ComponentCommit | null {
    if (commit === null) return null;
    for (const { type } of changes) metrics.changes.inc({ type });
    return { ...commit, outbox };
  }

  /** One attempt. @returns what is placed, what is refused, and what has to be tried again */
  async function attempt(workspace: string, pending: readonly Evident[]) {
    const keys = [...new Set(pending.flatMap((one) => one.keys))];
    const loaded = await state.load(workspace, keys);
    await onStep('loaded');
    const { rules } = workspaces.of(workspace);
    const results = groupEvidence(pending, loaded.pointers).map((part) => decidePart(part, loaded, rules));
    const decided = results.flatMap((result) => result.decided);
    const commits = decided.map(commitOf);
    await onStep('decided');
    const written = commits.filter((commit) => commit !== null);
    const applied = written.length === 0 ? [] : await state.commit(workspace, written);
    await onStep('committed');
    const placed: Placed[] = [];
    const again: Evident[] = [];
    let at = 0;
    decided.forEach(({ part, decision }, i) => {
      if (commits[i] !== null && applied[at++] === false) again.push(...part);
      else for (const { item, evidence } of part) placed.push({ ...item, ...decision.owners.get(evidence.owner)! });
    });
    return { placed, again, refused: results.flatMap((result) => result.refused) };
  }

  async function placeWorkspace(workspace: string, items: readonly Evident[]): Promise<Sorted<Placed>> {
    const passed: Placed[] = [];
    const refused: Refused[] = [];
    let pending = items;
    for (let attempts = 0; pending.length > 0; attempts += 1) {
      if (attempts === MOST_ATTEMPTS) throw new KenalError('unavailable', 'a component is fought over');
      if (attempts > 0) await sleep(Math.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempts));
      const result = await attempt(workspace, pending);
      passed.push(...result.placed);
      refused.push(...result.refused);
      pending = result.again;
      if (pending.length > 0) metrics.races.inc(pending.length);
    }
    return { passed, refused };
  }

  return async function place(items: readonly Normalised[]): Promise<Sorted<Placed>> {
    const passed: Placed[] = [];
    const refused: Refused[] = [];
    const byWorkspace = new Map<string, Evident[]>();
    for (const item of items) {
      const { evidence, interaction } = item;
      if (evidence === null) {
        passed.push({ ...item, profileId: '', version: 0 });
        continue;
      }
      const recovering = isRecovering(interaction.workspace, item.record);
      const evident = { keys: evidence.keys, evidence, item, recovering };
      const others = byWorkspace.get(interaction.workspace);
      if (others === undefined) byWorkspace.set(interaction.workspace, [evident]);
      else others.push(evident);
    }
    for (const [workspace, evident] of byWorkspace) {
      const result = await placeWorkspace(workspace, evident);
      passed.push(...result.passed);
      refused.push(...result.refused);
    }
    return { passed, refused };
  };
}

/** Ids that no other process and no former life of this one gives: 12 random characters and a number. */
function createComponentIds(): () => string {
  const life = randomBytes(9).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `${life}${count.toString(36)}`;
  };
}
