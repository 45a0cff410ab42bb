import { z } from 'zod';
import { identifierSchema } from './identifier.ts';
import { interactionSchema } from './interaction.ts';

/** An interaction with its person: the value of topic `kenal.interactions.resolved.v1`. */
export const resolvedSchema = z.object({
  interaction: interactionSchema,
  /** Valid identifiers of the subject, normalised, without doubles, strongest first. */
  identifiers: z.array(identifierSchema),
  /** Key of the strongest valid identifier (`type:value`), or '' where there is none. Depends on this event's bytes only. */
  owner: z.string(),
  /** Today's profile of the owner at the time of writing; '' where there is no owner. */
  profileId: z.string(),
  /**
   * Version of the assignment owner → profile; a later one supersedes this row's profile. Where nobody has it 0, or
   * when it was read again after a loss of the identity state.
   */
  version: z.number().int(),
  /** Where the interaction stood in the log. */
  logTopic: z.string(),
  logPartition: z.number().int(),
  logOffset: z.number().int(),
  resolvedAt: z.number().int(),
});
export type Resolved = z.infer<typeof resolvedSchema>;
