import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IdentityState } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { groupEvidence, joinWants } from '@kenal/identity';
import type { Positions } from '../positions.ts';
import type { ResolverMetrics } from '../resolver-metrics.ts';
import type { StepHook } from '../step-hook.ts';
import type { Normalised, Placed, Refused, Sorted } from '../work.ts';
import type { Workspaces } from '../workspaces.ts';
import { createDecidePart, type Evident, type PartResult, type Waiting } from './decide-part.ts';

interface Deps {
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly isRecovering: Positions['isRecovering'];
  readonly metrics: ResolverMetrics;
  readonly onStep: StepHook;
}

/** An interaction that names nobody, or only somebody of whom all that was said is revoked. */
const NOBODYS = { profileId: '', version: 0 };
const NOTHING_MORE: Waiting['wants'] = { shelves: [], identifiers: [] };

/** A component that loses so often is fought over; the round fails then and is delivered again. */
const MOST_ATTEMPTS = 30;
const FIRST_BACKOFF_MS = 2;
const LONGEST_BACKOFF_MS = 200;
/** Chunks of a shelf double, and a hub looks at some neighbours at a time; who wants more than this is at fault. */
const MOST_LOOKS = 200;

/**
 * Find each interaction's person: load the components that its identifiers point to, decide, commit component by
 * component. A part that lost the race for a component is loaded and decided again, one that wants to see more is so with
 * that; the others stand. What of a part was written before is evidence that it finds again.
 */
export function createPlaceStep({ state, workspaces, isRecovering, metrics, onStep }: Deps) {
  const decidePart = createDecidePart(createComponentIds());

  /** Write what was decided. @returns whose part stands, and who has lost a race */
  async function write(workspace: string, decided: PartResult['decided']) {
    const commits = decided.flatMap((one) => one.commits);
    for (const { changes } of decided) for (const { type } of changes) metrics.changes.inc({ type });
    const applied = commits.length === 0 ? [] : await state.commit(workspace, commits);
    const placed: Placed[] = [];
    const again: Evident[] = [];
    let at = 0;
    for (const { part, owners, commits: own } of decided) {
      const stands = applied.slice(at, at + own.length).every(Boolean);
      at += own.length;
      if (!stands) again.push(...part);
      else for (const { item, evidence } of part) placed.push({ ...item, ...(owners.get(evidence.owner) ?? NOBODYS) });
    }
    return { placed, again };
  }

  /** One attempt. @returns what is placed, what is refused, what lost a race, and what wants to see more */
  async function attempt(workspace: string, pending: readonly Evident[], wanted: Waiting['wants']) {
    const loaded = await loadParts(state, workspace, pending, wanted);
    await onStep('loaded');
    const { rules } = workspaces.of(workspace);
    const parts = groupEvidence(pending, loaded, ({ evidence }) => evidence);
    const results = parts.map((part) => decidePart(part, loaded, rules));
    await onStep('decided');
    const { placed, again } = await write(
      workspace,
      results.flatMap((result) => result.decided),
    );
    await onStep('committed');
    const waiting = results.flatMap((result) => result.waiting);
    return { placed, again, waiting, refused: results.flatMap((result) => result.refused) };
  }

  async function placeWorkspace(workspace: string, items: readonly Evident[]): Promise<Sorted<Placed>> {
    const passed: Placed[] = [];
    const refused: Refused[] = [];
    let pending = items;
    let wanted: Waiting['wants'] = NOTHING_MORE;
    let [attempts, looks] = [0, 0];
    while (pending.length > 0) {
      const result = await attempt(workspace, pending, wanted);
      passed.push(...result.placed);
      refused.push(...result.refused);
      const waiting = result.waiting.flatMap(({ part }) => part);
      pending = [...result.again, ...waiting];
      wanted = waiting.length === 0 ? NOTHING_MORE : joinWants([wanted, ...result.waiting.map(({ wants }) => wants)]);
      looks = waiting.length === 0 ? 0 : looks + 1;
      if (looks > MOST_LOOKS) throw new KenalError('unavailable', 'a decision wants to see more and more');
      if (result.again.length === 0) continue;
      metrics.races.inc(result.again.length);
      attempts += 1;
      if (attempts === MOST_ATTEMPTS) throw new KenalError('unavailable', 'a component is fought over');
      await sleep(Math.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempts));
    }
    return { passed, refused };
  }

  return async function place(items: readonly Normalised[]): Promise<Sorted<Placed>> {
    const named = items.filter(({ evidence }) => evidence !== null);
    const passed: Placed[] = items.filter(({ evidence }) => evidence === null).map((item) => ({ ...item, ...NOBODYS }));
    const refused: Refused[] = [];
    for (const [workspace, group] of Map.groupBy(named, ({ interaction }) => interaction.workspace)) {
      const evident = group.map((item) => {
        return { item, evidence: item.evidence!, recovering: isRecovering(workspace, item.record) };
      });
      const result = await placeWorkspace(workspace, evident);
      passed.push(...result.passed);
      refused.push(...result.refused);
    }
    return { passed, refused };
  };
}

/** What the state has of some interactions, and what deciding on them wanted to see. */
async function loadParts(
  state: IdentityState,
  workspace: string,
  pending: readonly Evident[],
  { identifiers, shelves }: Waiting['wants'],
) {
  const asked = new Set(identifiers);
  const keys = new Set([...pending.flatMap(({ evidence }) => evidence.keys), ...asked]);
  return { ...(await state.load(workspace, [...keys], shelves)), asked };
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
