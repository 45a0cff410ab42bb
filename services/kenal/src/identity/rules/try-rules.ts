import type { Directive, IdentityConfig } from '@kenal/contracts';
import { createBlockedKeys, createRuleTrial, identifiersOf, type RuleComparison, rulesOf } from '@kenal/identity';
import { reasonInWords } from '@kenal/profile-api';
import { type InForce, readInForce } from './in-force.ts';
import { liveEvidence } from './live-evidence.ts';
import type { Stores } from './stores.ts';

interface PairInWords {
  readonly a: string;
  readonly b: string;
  readonly reason: string;
  /** `reason` in words; of a pair that would be one: by the rules of today; of one that would be two: by those of then. */
  readonly why: string;
}

export interface Trial extends Omit<RuleComparison, 'gained' | 'lost'> {
  readonly workspace: string;
  /** Path of kenal.yaml; null where there is none, so that the rules of today are those that Kenal comes with. */
  readonly config: string | null;
  /** Decision that put the rules of today in force; null = kenal.yaml holds. */
  readonly directive: string | null;
  readonly gained: readonly PairInWords[];
  readonly lost: readonly PairInWords[];
  /** Stored identifiers that are blocked then and not today: they join nobody, and what they own is nobody's until a rebuild. */
  readonly blocked: { readonly identifiers: number; readonly sample: readonly string[] };
}

const MOST_SHOWN = 20;

/**
 * What would become of everybody under other rules: f over the stored evidence, as a switch decides it again. Writes nothing.
 * @param onProgress told how many identifiers were looked at
 */
export async function tryRules(
  stores: Stores,
  identity: IdentityConfig,
  onProgress: (identifiers: number) => void,
): Promise<Trial> {
  const today = await readInForce(stores);
  const { revokedSources, model, mostIdentifiers } = today.rules;
  const isBlockedThen = createBlockedKeys(identity);
  const masks = { revokedSources, model, isBlocked: isBlockedThen };
  const then = rulesOf(identity, stores.workspace, { ...masks, mostIdentifiers });
  const trial = createRuleTrial(today.rules, then);
  const blocked = { identifiers: 0, sample: [] as string[] };
  let looked = 0;
  const state = await stores.openState();
  try {
    for await (const { fields, parked } of liveEvidence(state, stores.workspace)) {
      trial.take(fields, parked);
      const keys = identifiersOf(fields);
      looked += keys.length + parked.size;
      onProgress(looked);
      for (const key of isBlockedThen === null ? [] : [...keys, ...parked.keys()]) {
        if (isBlockedThen?.(key) !== true || today.rules.isBlocked?.(key) === true) continue;
        blocked.identifiers += 1;
        if (blocked.sample.length < MOST_SHOWN) blocked.sample.push(key);
      }
    }
  } finally {
    await state.close();
  }
  const { gained, lost, ...figures } = trial.end();
  return {
    ...{ workspace: stores.workspace, config: stores.path, directive: idOf(today), ...figures, blocked },
    gained: gained.map((pair) => ({ ...pair, why: inWords(pair.reason, today.rules) })),
    lost: lost.map((pair) => ({ ...pair, why: inWords(pair.reason, then) })),
  };
}

function idOf({ directive }: { readonly directive: Directive | null }): string | null {
  return directive?.id ?? null;
}

function inWords(reason: string, rules: InForce['rules']): string {
  return reason === '' ? 'no link of their own joins them' : reasonInWords(reason, rules);
}
