import { z } from 'zod';

/**
 * The identifier types that every workspace has, strongest first (wire.md, "Names").
 * A workspace may declare more (`[a-z_]+`); they rank after these, in the order of their declaration.
 */
export const IDENTIFIER_TYPES = [
  'user_id',
  'loyalty_card',
  'email',
  'phone',
  'device_id',
  'anonymous_id',
  'address',
] as const;

export const IDENTIFIER_TYPE_PATTERN = /^[a-z][a-z_]{0,63}$/;

/** A typed value that names a person, e.g. `{type: 'email', value: 'a@b.c'}`. */
export const identifierSchema = z.object({
  type: z.string().regex(IDENTIFIER_TYPE_PATTERN),
  value: z.string().min(1).max(1024),
});
export type Identifier = z.infer<typeof identifierSchema>;

/** A normalised identifier as one string, `type:value`: the key of evidence, owners and pointers. */
export type IdentifierKey = string;

/** Values may hold colons, types may not. @returns null where there is no type */
export function parseKey(key: string): Identifier | null {
  const colon = key.indexOf(':');
  if (colon <= 0 || colon === key.length - 1) return null;
  const type = key.slice(0, colon);
  return IDENTIFIER_TYPE_PATTERN.test(type) ? { type, value: key.slice(colon + 1) } : null;
}

export const PARTICIPANT_ROLES = ['from', 'to', 'cc', 'agent', 'member', 'caller', 'callee'] as const;
/** Somebody else who took part. Never evidence: participants link nobody. */
export const participantSchema = z.object({
  role: z.enum(PARTICIPANT_ROLES),
  identifiers: z.array(identifierSchema),
});
export type Participant = z.infer<typeof participantSchema>;

export const ACTOR_KINDS = ['agent', 'staff', 'partner', 'system'] as const;
/** Who acted on the organisation's side. */
export const actorSchema = z.object({
  kind: z.enum(ACTOR_KINDS),
  id: z.string(),
  team: z.string().nullable(),
});
export type Actor = z.infer<typeof actorSchema>;
