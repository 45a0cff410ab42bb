import type { IdentifierKey } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import { type ExplainInput, type Explanation, explain, type IdentityRules, profileOf } from '@kenal/identity';
import type { AskStanding, PairWord, Standing, Word } from '../directives/standing.ts';
import type { ReviewQueue, Suggestion } from '../reviews/queue.ts';
import type { FoundIdentifier, ProfileReader, RulesInForce } from './reader.ts';

/** Why two identifiers are one person, or two, and whose they are. */
export interface ExplainedPair extends Explanation {
  readonly rules: IdentityRules;
  readonly ends: readonly [ExplainedEnd, ExplainedEnd];
  /** What people decided that has to do with it: of the two themselves first, then newest first. */
  readonly decisions: readonly Decision[];
  /** A pair of records of the two that waits for somebody to decide; null where none does. */
  readonly review: Suggestion | null;
}

/** A word on a pair, or on a source. */
export type Decision = PairWord | (Word & { readonly source: string });

interface ExplainedEnd {
  readonly key: IdentifierKey;
  readonly profileId: string | null;
  /** All identifiers of the person. */
  readonly keys: ReadonlySet<IdentifierKey>;
}

export interface ExplainDeps {
  readonly reader: ProfileReader;
  readonly standing: AskStanding;
  readonly workspaces: RulesInForce['workspaces'];
  readonly queue: Pick<ReviewQueue, 'between'>;
}

/** @throws KenalError as `ProfileReader.keyOf` */
export type ExplainPair = (workspace: string, refs: readonly [string, string]) => Promise<ExplainedPair>;

export function createExplainPair({ reader, standing, workspaces, queue }: ExplainDeps): ExplainPair {
  return async function explainPair(workspace, refs) {
    const both = await reader.pair(workspace, ...refs);
    const [one, other] = both;
    const explanation = explain(explainInputOf(both), one.rules, one.key, other.key);
    const ends = [endOf(one), endOf(other)] as const;
    const { isOverruled } = workspaces.of(workspace);
    const decisions = decisionsOn(ends, explanation, await standing(workspace)).filter(
      // What was decided of somebody who was erased since is said of nobody
      (word) => !('a' in word) || !isOverruled([word.a, word.b], word.issuedAt),
    );
    const review = explanation.isOnePerson ? null : await reviewBetween(queue, workspace, ends);
    return { ...explanation, rules: one.rules, ends, decisions, review };
  };
}

/** What is stored of both. */
export function explainInputOf(both: readonly FoundIdentifier[]): ExplainInput {
  const components = new Map(both.map(({ componentId, fields }) => [componentId, fields]));
  const parked = new Map(both.flatMap(({ key, parked: leaf }) => (leaf === null ? [] : [[key, leaf] as const])));
  return { components: [...components.values()], parked };
}

function endOf({ key, component, rules }: FoundIdentifier): ExplainedEnd {
  const profile = profileOf(component, rules, key);
  const keys = new Set([key, ...(profile?.identifiers.map((identifier) => identifier.key) ?? [])]);
  return { key, profileId: profile?.id ?? null, keys };
}

type Ends = ExplainedPair['ends'];

function decisionsOn(
  [one, other]: Ends,
  { isOnePerson, path, rejected, revokedSources }: Explanation,
  { pairs, sources }: Standing,
): Decision[] {
  const onPath = new Set(path.map(({ first }) => first.messageId));
  const reasons = new Set(rejected.map(({ reason }) => reason));
  const isOfTheTwo = ({ a, b }: PairWord) => (a === one.key && b === other.key) || (a === other.key && b === one.key);
  const isBetween = ({ a, b }: PairWord) =>
    (one.keys.has(a) && other.keys.has(b)) || (one.keys.has(b) && other.keys.has(a));
  const counts = (word: PairWord): boolean =>
    isOfTheTwo(word) ||
    (isOnePerson ? onPath.has(word.id) : isBetween(word) || reasons.has(`cannot:${word.a}|${word.b}`));
  const words = [...pairs].filter((word) => word.verb !== 'clear' && counts(word));
  const revoked = revokedSources.flatMap((source) => {
    const word = sources.get(source);
    return word === undefined ? [] : [{ ...word, source }];
  });
  const rank = (word: Decision): number => ('a' in word && isOfTheTwo(word) ? 1 : 0);
  return [...words, ...revoked].sort((x, y) => rank(y) - rank(x) || y.issuedAt - x.issuedAt);
}

/** Of the warehouse alone, and only a hint: where that is away, the state explains all the same. */
async function reviewBetween(queue: ExplainDeps['queue'], workspace: string, [a, b]: Ends): Promise<Suggestion | null> {
  if (a.profileId === null || b.profileId === null) return null;
  return queue.between(workspace, a.profileId, b.profileId).catch((error: unknown) => {
    if (isKenalError(error) && error.retryable) return null;
    throw error;
  });
}
