import { z } from 'zod';
import { identifierSchema } from './identifier.ts';

export const CHANGE_TYPES = ['created', 'updated', 'merged', 'split', 'erased'] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

/** The published content of a profile at one version. */
export const profileContentSchema = z.object({
  /** JSON object: trait → value. */
  traits: z.string(),
  /** Strongest first; cut after 1,000 (identifierCount tells how many there are). */
  identifiers: z.array(identifierSchema),
  identifierCount: z.number().int(),
  /** JSON object: purpose → granted, the last word on each. */
  consent: z.string(),
  /** JSON object: attribute → {value, kind, computedAt, fitId, reason} (computed.ts). */
  computed: z.string(),
});
export type ProfileContent = z.infer<typeof profileContentSchema>;

/** An identifier that this change moved to the profile, and whence. */
export const assignmentSchema = z.object({
  type: z.string(),
  value: z.string(),
  /** Normalised key (`type:value`), the join key with an interaction's owner. */
  key: z.string(),
  /** Profile that had it before, '' where none did. */
  from: z.string(),
});
export type Assignment = z.infer<typeof assignmentSchema>;

/**
 * One version step of one profile: the value of topic `kenal.profile.changes.v1` (wire.md, "Change feed").
 * Versions of a profile strictly increase, with gaps. `merged`: this profile is gone, `mergedInto` names the one that
 * has its identifiers now. The surviving profile gets an `updated` (or `created`) with `mergedFrom`.
 */
export const changeSchema = z.object({
  /** `<profileId>:<version>` */
  id: z.string(),
  type: z.enum(CHANGE_TYPES),
  workspace: z.string(),
  profileId: z.string(),
  version: z.number().int(),
  /** 0 for the first. */
  previousVersion: z.number().int(),
  occurredAt: z.number().int(),
  /** Null for the first, where the rules have changed since, and where no record could hold what it was and what it is. */
  before: profileContentSchema.nullable(),
  after: profileContentSchema.nullable(),
  /** Paths that differ: `traits.email`, `identifiers`, `computed.churn.band`. */
  changed: z.array(z.string()),
  /** Identifiers that point to this profile from this version on, and did not before. */
  assigned: z.array(assignmentSchema),
  /** Of rule `computed` the message id is that of the fit that was computed with, '' where there is none. */
  cause: z.object({ messageId: z.string(), source: z.string(), rule: z.string() }),
  mergedInto: z.string().nullable(),
  mergedFrom: z.array(z.string()),
  splitInto: z.array(z.string()),
  /**
   * Identifiers, `type:value`, that were taken from this profile and that none has now: only links that join nobody name
   * them, all that named them is revoked, or (cause rule `erase`) their person is forgotten.
   */
  released: z.array(z.string()),
});
export type Change = z.infer<typeof changeSchema>;
