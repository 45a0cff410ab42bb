import type { IdentifierKey } from '@kenal/contracts';
import { type Explanation, explain, type IdentityRules, profileOf } from '@kenal/identity';
import type { FoundIdentifier, ProfileReader } from './reader.ts';

/** Why two identifiers are one person, or two, and whose they are. */
export interface ExplainedPair extends Explanation {
  readonly rules: IdentityRules;
  readonly ends: readonly [ExplainedEnd, ExplainedEnd];
}

interface ExplainedEnd {
  readonly key: IdentifierKey;
  readonly profileId: string | null;
}

/** @throws KenalError as `ProfileReader.keyOf` */
export async function explainPair(
  reader: ProfileReader,
  workspace: string,
  refs: readonly [string, string],
): Promise<ExplainedPair> {
  const both = await reader.pair(workspace, ...refs);
  const [one, other] = both;
  const components = new Map(both.map(({ componentId, fields }) => [componentId, fields]));
  const parked = new Map(both.flatMap(({ key, parked: leaf }) => (leaf === null ? [] : [[key, leaf] as const])));
  const explanation = explain({ components: [...components.values()], parked }, one.rules, one.key, other.key);
  return { ...explanation, rules: one.rules, ends: [endOf(one), endOf(other)] };
}

function endOf({ key, component, rules }: FoundIdentifier): ExplainedEnd {
  return { key, profileId: profileOf(component, rules, key)?.id ?? null };
}
