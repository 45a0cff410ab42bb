import { formatTime, jsonPart, type Micros } from '@kenal/contracts';
import type { ExplainedLink, ProfileView, SaidTrait } from '@kenal/identity';
import type { z } from 'zod';
import type { Decision, ExplainedPair } from './explain.ts';
import type { explainView } from './explain-schemas.ts';
import type { FitView } from './fits.ts';
import type { Person } from './reader.ts';
import { reasonInWords } from './reason.ts';
import type { identifierView, profileView, saidTrait, traitDetail } from './schemas.ts';
import type { scoresView } from './score-schemas.ts';

type Shown<S extends z.ZodType> = z.infer<S>;

/**
 * A profile as the API writes it.
 * @param now decides what is stale
 * @param details with all that explains it
 */
export function presentProfile(
  workspace: string,
  { profile, aliases, quality, history, refusedLinks, rules }: Person,
  now: Micros,
  details: boolean,
): Shown<typeof profileView> {
  const explained = () => ({
    traitDetails: presentTraits(profile),
    traitHistory: history().map(presentSaid),
    refusedLinks: refusedLinks().map((link) => ({ ...link, why: reasonInWords(link.reason, rules) })),
  });
  const { missing, stale, ...shares } = quality(now);
  return {
    id: profile.id,
    aliases: [...aliases],
    workspace,
    version: profile.version,
    traits: profile.traits,
    consent: { ...profile.consent },
    computed: computedValues(profile),
    quality: { ...shares, missing: [...missing], stale: [...stale] },
    identifiers: presentIdentifiers(profile),
    firstSeen: formatTime(profile.firstSeen),
    lastSeen: formatTime(profile.lastSeen),
    ...(details ? explained() : {}),
  };
}

/** What was computed of a person, without when and why. */
export function computedValues({ computed }: ProfileView): Record<string, unknown> {
  return Object.fromEntries(Object.entries(computed).map(([name, { value }]) => [name, value]));
}

/** @param fits those that scores come from, by their ids */
export function presentScores(
  computed: ProfileView['computed'],
  fits: ReadonlyMap<string, FitView>,
): Shown<typeof scoresView>['scores'] {
  const told = Object.entries(computed).map(([name, one]) => [name, { ...one, fit: fits.get(one.fitId) ?? null }]);
  return Object.fromEntries(told);
}

export function presentTraits(profile: ProfileView): Record<string, Shown<typeof traitDetail>> {
  return Object.fromEntries(
    Object.entries(profile.traitDetails).map(([name, { at, confirmedAt, ...detail }]) => [
      name,
      { ...detail, at: formatTime(at), confirmedAt: formatTime(confirmedAt) },
    ]),
  );
}

export function presentSaid({ firstAt, lastAt, ...said }: SaidTrait): Shown<typeof saidTrait> {
  return { ...said, firstAt: formatTime(firstAt), lastAt: formatTime(lastAt) };
}

export function presentIdentifiers(profile: ProfileView): Shown<typeof identifierView>[] {
  return profile.identifiers.map(({ type, value, firstSeen, lastSeen }) => ({
    type,
    value,
    firstSeen: formatTime(firstSeen),
    lastSeen: formatTime(lastSeen),
  }));
}

export function presentExplanation({
  ends,
  isOnePerson,
  path,
  rejected,
  decisions,
  review,
  revokedSources,
  rules,
}: ExplainedPair): Shown<typeof explainView> {
  const [a, b] = ends;
  return {
    a: { identifier: a.key, profileId: a.profileId },
    b: { identifier: b.key, profileId: b.profileId },
    samePerson: isOnePerson,
    path: path.map(presentLink),
    rejected: rejected.map((link) => ({
      ...presentLink(link),
      ...{ reason: link.reason, why: reasonInWords(link.reason, rules) },
    })),
    decisions: decisions.map(presentDecision),
    review: review === null ? null : { id: review.id, a: review.a, b: review.b, probability: review.probability },
    revokedSources: [...revokedSources],
  };
}

function presentDecision(decision: Decision) {
  const { id, kind, issuedAt, actor, reason } = decision;
  const about =
    'a' in decision
      ? { a: decision.a, b: decision.b, verb: decision.verb, source: null }
      : { a: null, b: null, verb: kind, source: decision.source };
  return { id, kind, ...about, issuedAt: formatTime(issuedAt), actor, reason };
}

function presentLink({ a, b, class: strength, rule, first, last, sources, weight, detail }: ExplainedLink) {
  return {
    ...{ a, b, class: strength, rule, first: presentEvent(first), last: presentEvent(last) },
    ...{ sources: [...sources], weight, waterfall: detail === '' ? null : jsonPart(detail) },
  };
}

function presentEvent({ at, messageId }: { readonly at: Micros; readonly messageId: string }) {
  return { at: formatTime(at), messageId: messageId === '' ? null : messageId };
}
