import { z } from 'zod';
import type { JsonValue } from './json.ts';

export const COMPUTED_KINDS = ['score', 'trait', 'segment'] as const;
export type ComputedKind = (typeof COMPUTED_KINDS)[number];

/**
 * What one attribute of one profile was computed to be: the value of topic `kenal.profile.computed.v1`. The newest
 * `computedAt` of (profile, name) holds, whatever the order of arrival.
 */
export const computedSchema = z.object({
  workspace: z.string(),
  profileId: z.string(),
  /** `churn.band`, `tier`, `segment.vip`, `trait.orders_90d` … */
  name: z.string(),
  /** JSON text; null = the profile has it no more. */
  value: z.string().nullable(),
  kind: z.enum(COMPUTED_KINDS),
  /** Microseconds since 1970. */
  computedAt: z.number().int(),
  /** Of the model that it comes from, '' where none. */
  fitId: z.string(),
  /** In words, '' where there is nothing to say. */
  reason: z.string(),
});
export type Computed = z.infer<typeof computedSchema>;

/** An attribute as profiles and changes show it, by its name. */
export interface ComputedAttribute {
  readonly value: JsonValue;
  readonly kind: ComputedKind;
  /** RFC 3339, UTC. */
  readonly computedAt: string;
  readonly fitId: string;
  readonly reason: string;
}
