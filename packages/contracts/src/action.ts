import { z } from 'zod';

/**
 * Something that is to be done about a customer, because a rule of kenal.yaml says so: the value of topic
 * `kenal.actions.v1`. One that comes again has the same `id`: whoever acts on it drops ids that it knows.
 */
export const actionSchema = z.object({
  /** Hash of workspace, rule, profile and occurrence. */
  id: z.string(),
  workspace: z.string(),
  /** Name of the rule. */
  rule: z.string(),
  profileId: z.string(),
  /** What it is about: once for each rule, profile and occurrence. */
  occurrence: z.string(),
  /** Purpose of consent that allows it. */
  purpose: z.string(),
  /** JSON object: `action` of the rule. */
  action: z.string(),
  /** JSON object: what the signal says. */
  detail: z.string(),
  decidedAt: z.number().int(),
});
export type Action = z.infer<typeof actionSchema>;
