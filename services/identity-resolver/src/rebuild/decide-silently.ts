import type { ComponentCommit, IdentityState } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import {
  decide,
  groupEvidence,
  type IdentityRules,
  type InteractionEvidence,
  joinWants,
  type Wants,
} from '@kenal/identity';

/**
 * Versions that are given in silence count from here, and all that is published lies above {@link SILENT_BELOW}: so what
 * nobody has been told of can be told from the rest.
 */
const SILENT_NOW = 1;
/** Microseconds: twelve days after 1970. */
export const SILENT_BELOW = 2 ** 40;

const NOTHING_MORE: Wants = { shelves: [], identifiers: [] };
/** Parts of one batch may meet at a hub; more often than this somebody else is writing. */
const MOST_ROUNDS = 300;

export interface SilentDeps {
  readonly state: IdentityState;
  readonly newComponent: () => string;
}

/** Decide evidence as a resolver does, and tell nobody. */
export type DecideSilently = (
  workspace: string,
  rules: IdentityRules,
  evidence: readonly InteractionEvidence[],
) => Promise<void>;

export function createDecideSilently({ state, newComponent }: SilentDeps): DecideSilently {
  return async function decideSilently(workspace, rules, evidence) {
    let pending = evidence;
    let wanted = NOTHING_MORE;
    for (let round = 0; pending.length > 0; round += 1) {
      if (round === MOST_ROUNDS)
        throw new KenalError('unavailable', `somebody else writes the identity state of workspace ${workspace}`);
      const asked = new Set(wanted.identifiers);
      const keys = new Set(asked);
      for (const one of pending) for (const key of one.keys) keys.add(key);
      const loaded = { ...(await state.load(workspace, [...keys], wanted.shelves)), asked };
      const commits: ComponentCommit[] = [];
      const parts: (readonly InteractionEvidence[])[] = [];
      const again: InteractionEvidence[] = [];
      const wants: Wants[] = [];
      for (const part of groupEvidence(pending, loaded, (one) => one)) {
        const decision = decide({ rules, now: SILENT_NOW, newComponent, loaded, evidence: part });
        if (decision.wants !== null) {
          wants.push(decision.wants);
          again.push(...part);
          continue;
        }
        for (const { commit } of decision.commits) {
          commits.push({ ...commit, outbox: [] });
          parts.push(part);
        }
      }
      const applied = commits.length === 0 ? [] : await state.commit(workspace, commits);
      const lost = new Set(parts.filter((_, i) => !applied[i]));
      for (const part of lost) again.push(...part);
      pending = again;
      wanted = wants.length === 0 ? NOTHING_MORE : joinWants([wanted, ...wants]);
    }
  };
}
