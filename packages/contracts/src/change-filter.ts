import { z } from 'zod';
import { CHANGE_TYPES } from './change.ts';
import type { ChangeEnvelope, ContentEnvelope } from './change-envelope.ts';
import { IDENTIFIER_TYPE_PATTERN } from './identifier.ts';

const PARTS = ['traits', 'computed', 'consent', 'identifiers'] as const;
const MOST_ENTRIES = 1_000;

// `traits.email`, `computed.churn`, `computed.*`, `identifiers`; a trait may have any name, dots and blanks too
const PATH = /^(?:(?:traits|computed)(?:\..+)?|consent|identifiers)$/s;
// `entered:vip`, `left:vip`
const MOVE = /^(entered|left):([a-z][a-z0-9_]*)$/;

const list = <T extends z.ZodType>(entry: T) => z.array(entry).min(1).max(MOST_ENTRIES).optional();

const FILTERS = {
  types: list(z.enum(CHANGE_TYPES, { error: `must be one of ${CHANGE_TYPES.join(', ')}` })).describe(
    'what happened to the profile',
  ),
  profileIds: list(z.string().min(1).max(256)).describe('these profiles only'),
  changed: list(
    z.string().regex(PATH, {
      error: `must be a path such as traits.email, or its beginning such as computed.*; there are ${PARTS.join(', ')}`,
    }),
  ).describe('what differs: a path (`traits.email`, `identifiers`), or its beginning (`computed.churn`, `traits.*`)'),
  segments: list(z.string().regex(MOVE, { error: 'must be entered:<segment> or left:<segment>' })).describe(
    '`entered:vip`, `left:vip`; where `before` cannot be told, nobody is said to have moved',
  ),
  identifierTypes: list(
    z.string().regex(IDENTIFIER_TYPE_PATTERN, { error: 'must be a type of identifier, such as email' }),
  ).describe('the profile has an identifier of one of these types, or had one before it was gone'),
};
const NAMES = Object.keys(FILTERS).join(', ');

/**
 * Which changes a subscriber wants: all that is given must hold, of each list one entry. The end of a profile of which
 * nothing is told any more (an erasure) passes `changed`, `segments` and `identifierTypes`: who keeps a copy has to learn it.
 */
export const changeFilterSchema = z
  .strictObject(FILTERS, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `no filter ${issue.keys?.join(', ')}; there are ${NAMES}` : undefined,
  })
  .meta({ id: 'ChangeFilter' });
export type ChangeFilter = z.infer<typeof changeFilterSchema>;

/** Names of all filters, as the query of `GET /v1/changes` has them. */
export const CHANGE_FILTER_NAMES = Object.keys(FILTERS) as readonly (keyof ChangeFilter)[];

/** Whether a subscriber with this filter is sent the change. */
export function matches(filter: ChangeFilter, change: ChangeEnvelope): boolean {
  const { types, profileIds, changed, segments, identifierTypes } = filter;
  if (types !== undefined && !types.includes(change.type)) return false;
  if (profileIds !== undefined && !profileIds.includes(change.profileId)) return false;
  if (change.before === null && change.after === null) return true;
  if (changed !== undefined && !changed.some((path) => change.changed.some((one) => isWithin(one, path)))) return false;
  if (segments !== undefined && !segments.some((move) => hasMoved(change, move))) return false;
  return identifierTypes === undefined || hasType(change.after ?? change.before, identifierTypes);
}

/** `traits.address.city` lies within itself, `traits.address`, `traits.*` and `traits`, not within `traits.add`. */
function isWithin(path: string, wanted: string): boolean {
  const beginning = wanted.endsWith('.*') ? wanted.slice(0, -2) : wanted;
  if (!path.startsWith(beginning)) return false;
  return path.length === beginning.length ? beginning === wanted : path[beginning.length] === '.';
}

function hasMoved({ before, after, previousVersion }: ChangeEnvelope, move: string): boolean {
  if (before === null && previousVersion !== 0) return false;
  const [, verb, name] = MOVE.exec(move) ?? [];
  const [was, is] = [isIn(before, name), isIn(after, name)];
  return verb === 'entered' ? is && !was : was && !is;
}

function isIn(content: ContentEnvelope | null, segment: string | undefined): boolean {
  return content?.computed[`segment.${segment}`]?.value === true;
}

function hasType(content: ContentEnvelope | null, types: readonly string[]): boolean {
  return content?.identifiers.some(({ type }) => types.includes(type)) ?? false;
}
