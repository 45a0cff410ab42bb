import { formatTime } from '@kenal/contracts';
import type { ProfileView, RefusedLink } from '@kenal/identity';
import type { z } from 'zod';
import type { Explanation } from './explain.ts';
import type { explainView, identifierView, profileView, traitDetail } from './schemas.ts';

type Shown<S extends z.ZodType> = z.infer<S>;

/** A profile as the API writes it. */
/** @param refusedLinks with details; null without */
export function presentProfile(
  workspace: string,
  profile: ProfileView,
  refusedLinks: readonly RefusedLink[] | null,
): Shown<typeof profileView> {
  return {
    id: profile.id,
    workspace,
    version: profile.version,
    traits: profile.traits,
    identifiers: presentIdentifiers(profile),
    firstSeen: formatTime(profile.firstSeen),
    lastSeen: formatTime(profile.lastSeen),
    ...(refusedLinks === null ? {} : { traitDetails: presentTraits(profile), refusedLinks: [...refusedLinks] }),
  };
}

export function presentTraits(profile: ProfileView): Record<string, Shown<typeof traitDetail>> {
  return Object.fromEntries(
    Object.entries(profile.traitDetails).map(([name, { value, source, at, messageId }]) => [
      name,
      { value, source, at: formatTime(at), messageId },
    ]),
  );
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
  ends: [a, b],
  samePerson,
  path,
  refused,
}: Explanation): Shown<typeof explainView> {
  return {
    a: { identifier: a.key, profileId: a.profileId },
    b: { identifier: b.key, profileId: b.profileId },
    samePerson,
    path: path.map(({ firstSeen, lastSeen, sources, ...link }) => ({
      ...link,
      firstSeen: formatTime(firstSeen),
      ...(lastSeen === undefined ? {} : { lastSeen: formatTime(lastSeen) }),
      ...(sources === undefined ? {} : { sources: [...sources] }),
    })),
    refused: [...refused],
  };
}
